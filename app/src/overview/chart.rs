//! New accounts by day: a bar chart, with a summary and a table.
//!
//! The bars are SVG in units of days and accounts, so that nothing is rounded; the labels are HTML, so that they never
//! shrink with the picture.

use domain::overview::{DailyCounts, Overview};
use domain::text::thousands;
use leptos::prelude::*;

use super::text;
use crate::ui::{Icon, IconName, day_and_month};

/// Width of a day, and offset and width of its bar, in units of the plot.
const DAY: usize = 10;
const BAR: (usize, usize) = (2, 6);

/// The chart.
#[component]
pub fn DaysChart(
    /// The overview.
    overview: StoredValue<Overview>,
) -> impl IntoView {
    overview.with_value(|overview| {
        let DailyCounts { accounts, redemptions } = overview.total();
        let others = accounts.saturating_sub(redemptions);
        view! {
            <section class="card" aria-labelledby="days">
                <div class="card-head">
                    <h2 id="days">{text::NEW_ACCOUNTS}</h2>
                    <div class="legend">
                        <span>
                            <i></i>
                            {text::legend_with_invite(redemptions)}
                        </span>
                        {(others > 0)
                            .then(|| {
                                view! {
                                    <span>
                                        <i data-k="other"></i>
                                        {text::legend_without_invite(others)}
                                    </span>
                                }.into_any()
                            })}
                    </div>
                </div>
                <figure class="card-body" aria-labelledby="days-said">
                    {plot(overview)}
                    <figcaption id="days-said">{said(overview)}</figcaption>
                    {table(overview)}
                </figure>
            </section>
        }
    })
}

/// The summary of the chart.
fn said(overview: &Overview) -> String {
    let days = overview.days.len();
    let DailyCounts { accounts, redemptions } = overview.total();
    let Some(busiest) = overview.busiest_day() else {
        return text::chart_empty(days);
    };
    let most = overview.days[busiest].accounts;
    text::chart_summary(days, accounts, redemptions, &day_and_month(overview.day_start(busiest)), most)
}

fn plot(overview: &Overview) -> AnyView {
    let highest = overview.days.iter().map(|day| day.accounts.max(day.redemptions)).max().unwrap_or_default();
    let ticks = ticks(highest);
    let top = ticks[0];
    let width = DAY * overview.days.len();
    let grid = ticks
        .iter()
        .map(|tick| view! { <path class="chart-grid" d=format!("M0 {}H{width}", top - tick)></path> }.into_any());
    let bars = overview.days.iter().enumerate().map(|(place, brought)| {
        let DailyCounts { accounts, redemptions } = *brought;
        let others = accounts.saturating_sub(redemptions);
        let x = (place * DAY + BAR.0).to_string();
        let bar = |class, from: u64, count: u64| {
            (count > 0).then(|| {
                view! {
                    <rect
                        class=class
                        x=x.clone()
                        y=(top - from - count).to_string()
                        width=BAR.1.to_string()
                        height=count.to_string()
                    ></rect>
                }
                .into_any()
            })
        };
        view! {
            <g class="chart-day">
                <title>{text::chart_day(&day_and_month(overview.day_start(place)), accounts, redemptions)}</title>
                <rect
                    class="chart-hit"
                    x=(place * DAY).to_string()
                    y="0"
                    width=DAY.to_string()
                    height=top.to_string()
                ></rect>
                {bar("chart-link", 0, redemptions)}
                {bar("chart-other", redemptions, others)}
            </g>
        }
        .into_any()
    });
    let days = overview.days.len();
    let labels = [0, days / 3, days * 2 / 3].map(|place| day_and_month(overview.day_start(place)));
    view! {
        <div class="chart">
            <div class="chart-y" aria-hidden="true">
                {ticks.iter().map(|tick| view! { <span>{thousands(*tick)}</span> }.into_any()).collect_view()}
            </div>
            <svg
                class="chart-plot"
                viewBox=format!("0 0 {width} {top}")
                preserveAspectRatio="none"
                role="img"
                aria-label=text::CHART_LABEL
            >
                {grid.collect_view()}
                {bars.collect_view()}
            </svg>
            <div class="chart-x" aria-hidden="true">
                {labels.into_iter().map(|label| view! { <span>{label}</span> }.into_any()).collect_view()}
                <span>{text::TODAY}</span>
            </div>
        </div>
    }
    .into_any()
}

fn table(overview: &Overview) -> AnyView {
    let rows = overview.days.iter().enumerate().rev().map(|(place, DailyCounts { accounts, redemptions })| {
        let at = overview.day_start(place);
        let date = at.to_rfc3339().chars().take(10).collect::<String>();
        view! {
            <tr>
                <th scope="row">
                    <time datetime=date>{day_and_month(at)}</time>
                </th>
                <td class="num">{thousands(*accounts)}</td>
                <td class="num">{thousands(*redemptions)}</td>
            </tr>
        }
        .into_any()
    });
    view! {
        <details class="more">
            <summary>
                <Icon name=IconName::Right />
                {text::SHOW_TABLE}
            </summary>
            <div class="scroll-y" tabindex="0" role="region" aria-label=text::TABLE_LABEL>
                <table class="plain-table">
                    <thead>
                        <tr>
                            <th scope="col">{text::TABLE_DAY}</th>
                            <th scope="col" class="num">
                                {text::NEW_ACCOUNTS}
                            </th>
                            <th scope="col" class="num">
                                {text::TABLE_WITH_INVITE}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// The lines across the plot at round numbers, highest first, down to 0: six at most.
fn ticks(highest: u64) -> Vec<u64> {
    let highest = highest.max(4);
    let steps = (0..20)
        .map(|power| 10_u64.saturating_pow(power))
        .flat_map(|unit| [1, 2, 5].map(|times| unit.saturating_mul(times)));
    let step = steps.into_iter().find(|step| step.saturating_mul(5) >= highest).unwrap_or(highest);
    (0..=highest.div_ceil(step)).rev().map(|times| times.saturating_mul(step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_few_round_and_reach_over_every_bar() {
        for (highest, lines) in [
            (0, vec![4, 3, 2, 1, 0]),
            (5, vec![5, 4, 3, 2, 1, 0]),
            (6, vec![6, 4, 2, 0]),
            (11, vec![15, 10, 5, 0]),
            (17_000, vec![20_000, 15_000, 10_000, 5_000, 0]),
        ] {
            assert_eq!(ticks(highest), lines, "{highest}");
        }
        for highest in [1, 9, 99, 12_345, u64::from(u32::MAX), u64::MAX] {
            assert!(ticks(highest)[0] >= highest && ticks(highest).len() <= 6, "{highest}");
        }
    }
}
