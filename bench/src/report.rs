//! What was measured: as a table for people and as JSON for whoever compares.

use serde::Serialize;

/// One figure, measured several times.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it is.
    pub what: String,
    /// Its unit.
    pub unit: &'static str,
    /// How many connections asked at once; 0 where nobody asked.
    pub connections: usize,
    /// The measurements, in order.
    pub runs: Vec<f64>,
    /// The middle one.
    pub median: f64,
    /// The largest less the smallest, as a part of the median.
    pub spread: f64,
    /// What it is held against, if anything.
    pub against: Option<Against>,
}

/// A limit measured in the same run, or a bound, and whether it is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Against {
    /// What the limit is.
    pub what: String,
    /// The ratio or the figure that is compared.
    pub value: f64,
    /// What it should be.
    pub goal: Goal,
    /// Whether it is.
    pub met: bool,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// As much or more.
    AtLeast(f64),
    /// As much or less.
    AtMost(f64),
}

impl Goal {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(goal) => value >= goal,
            Self::AtMost(goal) => value <= goal,
        }
    }
}

impl Figure {
    /// A figure of its measurements, of which there is at least one.
    #[must_use]
    pub fn new(what: impl Into<String>, unit: &'static str, connections: usize, runs: Vec<f64>) -> Self {
        let median = median(&runs);
        let (least, most) =
            runs.iter().fold((f64::MAX, f64::MIN), |(least, most), &run| (least.min(run), most.max(run)));
        let spread = if median == 0.0 { 0.0 } else { (most - least) / median };
        Self { what: what.into(), unit, connections, runs, median, spread, against: None }
    }

    /// Holds its median against a bound.
    #[must_use]
    pub fn within(mut self, what: impl Into<String>, goal: Goal) -> Self {
        self.against = Some(Against { what: what.into(), value: self.median, goal, met: goal.met(self.median) });
        self
    }

    /// Holds it against another figure, as the ratio of the medians.
    #[must_use]
    pub fn ratio_to(mut self, limit: &Self, goal: Goal) -> Self {
        let value = self.median / limit.median;
        self.against = Some(Against { what: format!("÷ {}", limit.what), value, goal, met: goal.met(value) });
        self
    }
}

/// The middle of some measurements.
#[must_use]
pub fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Everything that was measured, and on what.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What asked: the client's name.
    pub client: &'static str,
    /// How many processors there are.
    pub cores: usize,
    /// What the processor calls itself.
    pub processor: String,
    /// How long the whole took, in seconds.
    pub seconds: u64,
    /// The figures, in order.
    pub figures: Vec<Figure>,
}

impl Report {
    /// A table in Markdown.
    #[must_use]
    pub fn table(&self) -> String {
        let mut lines = vec![
            format!(
                "{}, {} cores; client: {}; medians of what is in the JSON.",
                self.processor, self.cores, self.client
            ),
            String::new(),
            "| what | connections | median | spread | against | is | goal | |".to_owned(),
            "|---|--:|--:|--:|---|--:|--:|---|".to_owned(),
        ];
        lines.extend(self.figures.iter().map(row));
        lines.push(String::new());
        lines.join("\n")
    }

    /// Whether every goal is met.
    #[must_use]
    pub fn met(&self) -> bool {
        self.figures.iter().all(|figure| figure.against.as_ref().is_none_or(|against| against.met))
    }
}

fn row(figure: &Figure) -> String {
    let connections = if figure.connections == 0 { String::new() } else { figure.connections.to_string() };
    let (what, is, goal, met) = match &figure.against {
        None => Default::default(),
        Some(against) => {
            let goal = match against.goal {
                Goal::AtLeast(goal) => format!("≥ {}", short(goal)),
                Goal::AtMost(goal) => format!("≤ {}", short(goal)),
            };
            (against.what.clone(), short(against.value), goal, if against.met { "met" } else { "**short**" })
        }
    };
    format!(
        "| {} | {connections} | {} {} | {:.0} % | {what} | {is} | {goal} | {met} |",
        figure.what,
        short(figure.median),
        figure.unit,
        figure.spread * 100.0,
    )
}

/// A number with as many digits as it is worth.
fn short(number: f64) -> String {
    match number {
        number if number >= 100.0 => format!("{number:.0}"),
        number if number >= 10.0 => format!("{number:.1}"),
        number => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_of_medians_and_knows_whether_it_suffices() {
        let limit = Figure::new("the limit", "/s", 8, vec![100.0, 50.0, 200.0]);
        assert!((limit.median - 100.0).abs() < f64::EPSILON && (limit.spread - 1.5).abs() < f64::EPSILON);
        let figure = |value| Figure::new("it", "/s", 8, vec![value]).ratio_to(&limit, Goal::AtLeast(0.5));
        assert!(figure(50.0).against.unwrap().met);
        assert!(!figure(49.0).against.unwrap().met);
    }
}
