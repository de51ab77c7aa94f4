//! The results, as a Markdown table and as JSON.

use serde::Serialize;

/// One result, measured several times.
#[derive(Clone, Debug, Serialize)]
pub struct Measurement {
    /// The name.
    pub what: String,
    /// The unit.
    pub unit: &'static str,
    /// The number of concurrent connections; 0 for results without connections.
    pub connections: usize,
    /// The measured values, in order.
    pub runs: Vec<f64>,
    /// The median of the measured values.
    pub median: f64,
    /// The difference of the largest and the smallest value, divided by the median.
    pub spread: f64,
    /// The comparison with a goal, if there is one.
    pub against: Option<Comparison>,
}

/// A comparison with a reference of the same run, or with a fixed bound.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The name of the reference or of the bound.
    pub what: String,
    /// The compared value: the ratio to the reference, or the median.
    pub value: f64,
    /// The goal for the value.
    pub goal: Goal,
    /// Whether the goal is met.
    pub met: bool,
}

/// A goal for a value.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// At least this value.
    AtLeast(f64),
    /// At most this value.
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

impl Measurement {
    /// A result of `runs`, of which there must be at least one.
    #[must_use]
    pub fn new(what: impl Into<String>, unit: &'static str, connections: usize, runs: Vec<f64>) -> Self {
        let median = median(&runs);
        let (smallest, largest) =
            runs.iter().fold((f64::MAX, f64::MIN), |(smallest, largest), &run| (smallest.min(run), largest.max(run)));
        let spread = if median == 0.0 { 0.0 } else { (largest - smallest) / median };
        Self { what: what.into(), unit, connections, runs, median, spread, against: None }
    }

    /// Compares the median with a fixed bound.
    #[must_use]
    pub fn within(mut self, what: impl Into<String>, goal: Goal) -> Self {
        self.against = Some(Comparison { what: what.into(), value: self.median, goal, met: goal.met(self.median) });
        self
    }

    /// Compares the ratio of this result to `reference` with a goal. If both were measured equally often, each run is compared
    /// with the run of the reference in the same turn, because the speed of a machine changes over minutes.
    #[must_use]
    pub fn ratio_to(mut self, reference: &Self, goal: Goal) -> Self {
        let value = if self.runs.len() == reference.runs.len() {
            let ratios: Vec<f64> =
                self.runs.iter().zip(&reference.runs).map(|(run, reference)| run / reference).collect();
            median(&ratios)
        } else {
            self.median / reference.median
        };
        self.against = Some(Comparison { what: format!("÷ {}", reference.what), value, goal, met: goal.met(value) });
        self
    }
}

/// The median; of an even number of values the larger of the two middle ones.
#[must_use]
pub fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// All results, and the machine they were measured on.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The name of the client that sent the requests.
    pub client: &'static str,
    /// The number of processors.
    pub cores: usize,
    /// The name of the processor.
    pub processor: String,
    /// The duration of all benchmarks, in seconds.
    pub seconds: u64,
    /// The results, in order.
    #[serde(rename = "figures")]
    pub results: Vec<Measurement>,
}

impl Report {
    /// The results as a Markdown table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut lines = vec![
            format!(
                "{}, {} cores; client: {}; medians of the runs in the JSON file.",
                self.processor, self.cores, self.client
            ),
            String::new(),
            "| benchmark | connections | median | spread | compared with | value | goal | result |".to_owned(),
            "|---|--:|--:|--:|---|--:|--:|---|".to_owned(),
        ];
        lines.extend(self.results.iter().map(row));
        lines.push(String::new());
        lines.join("\n")
    }

    /// Whether every goal is met.
    #[must_use]
    pub fn met(&self) -> bool {
        self.results.iter().all(|result| result.against.as_ref().is_none_or(|goal| goal.met))
    }
}

fn row(result: &Measurement) -> String {
    let connections = if result.connections == 0 { String::new() } else { result.connections.to_string() };
    let (reference, value, goal, met) = match &result.against {
        None => Default::default(),
        Some(against) => {
            let goal = match against.goal {
                Goal::AtLeast(goal) => format!("≥ {}", format_number(goal)),
                Goal::AtMost(goal) => format!("≤ {}", format_number(goal)),
            };
            (against.what.clone(), format_number(against.value), goal, if against.met { "met" } else { "**not met**" })
        }
    };
    format!(
        "| {} | {connections} | {} {} | {:.0} % | {reference} | {value} | {goal} | {met} |",
        result.what,
        format_number(result.median),
        result.unit,
        result.spread * 100.0,
    )
}

/// A number with three significant digits, or more before the decimal point.
fn format_number(number: f64) -> String {
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
    fn a_ratio_compares_medians_with_a_goal() {
        let reference = Measurement::new("the reference", "/s", 8, vec![100.0, 50.0, 200.0]);
        assert!((reference.median - 100.0).abs() < f64::EPSILON && (reference.spread - 1.5).abs() < f64::EPSILON);
        let compared = |value| Measurement::new("it", "/s", 8, vec![value]).ratio_to(&reference, Goal::AtLeast(0.5));
        assert!(compared(50.0).against.unwrap().met);
        assert!(!compared(49.0).against.unwrap().met);
        let in_turn = Measurement::new("it", "/s", 8, vec![60.0, 30.0, 90.0]).ratio_to(&reference, Goal::AtLeast(0.6));
        assert!(in_turn.against.unwrap().met, "0.6, 0.6 and 0.45");
    }
}
