//! Throughput of masked inference on one core, beside the peak of the fused multiply-add units.
//!
//! `cargo bench -p slt-mlp` prints a row for each network: active multiply-adds a second (set bits of the
//! masks, times samples), the peak measured in the same instant, and their ratio. `cargo xtask bench`
//! measures more.

mod throughput;

use slt_core::Seed;
use slt_mlp::{Architecture, Initializer, InstructionSet, MetricName, Network};
use throughput::Plan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let plan = Plan::FULL;
    let circles = slt_datasets::paper::circles()?.train;
    let digits = slt_datasets::paper::digits(10)?.train;
    println!(
        "instructions {}, one thread, masks of 50 %, median of {} paired rounds",
        InstructionSet::detect(),
        plan.rounds
    );
    println!("{:<12} {:<18} {:>12} {:>12} {:>8}", "network", "metric", "active G/s", "peak G/s", "share");
    for (architecture, data) in
        [("A", &circles), ("B", &circles), ("C", &circles), ("D", &circles), ("64,75,10", &digits)]
    {
        let network = Network::random(&architecture.parse::<Architecture>()?, Initializer::paper(), Seed(1))?;
        for metric in [MetricName::Accuracy, MetricName::CrossEntropy, MetricName::CrossEntropyF32] {
            let measured = throughput::measure(&network, data, metric, plan)?;
            let (active, peak, share) =
                (measured.active / 1e9, measured.peak / 1e9, 100.0 * measured.share());
            println!("{architecture:<12} {metric:<18} {active:>12.2} {peak:>12.2} {share:>7.1}%");
        }
    }
    Ok(())
}
