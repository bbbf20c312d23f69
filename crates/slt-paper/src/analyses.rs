//! The runs that look at tickets: what figures 1 and 8 and some claims need beside accuracies.

use slt_baselines::LanczosConfig;
use slt_core::Seed;
use slt_datasets::paper::{PaperName, PaperScaling};

use crate::arm::Arm;
use crate::method::Method;
use crate::{
    AssessmentSpec, Directions, Error, LandscapeSpec, Part, Plan, Protocol, Records, RunSpec, SearchRecord,
    SearchSpec, SpectrumSpec,
};

/// Tickets of ten blobs, cross-entropy as objective, at most 5 runs: what Fig. 8 looks at.
pub(crate) fn curved_searches(plan: &Plan, scaling: PaperScaling) -> Result<Vec<SearchSpec>, Error> {
    let plan = Plan { runs: plan.runs.min(5), ..*plan };
    Arm::classes(Method::ga_loss(), PaperName::Blobs, 10).scaled(scaling).searches(&plan)
}

/// The plane of Fig. 8 (a, b) around the first ticket of the raw blobs. `None` until the ticket is there.
pub(crate) fn landscape(plan: &Plan, records: &Records) -> Result<Option<LandscapeSpec>, Error> {
    let searches = curved_searches(plan, PaperScaling::Paper)?;
    Ok(searches.first().and_then(|spec| records.get(spec)).map(|record| LandscapeSpec {
        ticket: record.spec.ticket(&Protocol::Clean.chosen(record).mask),
        part: Part::Train,
        steps: plan.landscape_steps(),
        seed: Seed(1),
        directions: Directions::Normal,
    }))
}

/// The Hessian eigenvalues of Fig. 8 for the tickets that are there.
pub(crate) fn spectra(
    plan: &Plan,
    records: &Records,
    scaling: PaperScaling,
) -> Result<Vec<SpectrumSpec>, Error> {
    let searches = curved_searches(plan, scaling)?;
    let found = searches.iter().filter_map(|spec| records.get(spec));
    let spectrum = |record: &SearchRecord| SpectrumSpec {
        ticket: record.spec.ticket(&Protocol::Clean.chosen(record).mask),
        part: Part::Train,
        lanczos: LanczosConfig { tolerance: 1e-4, ..LanczosConfig::top(10) },
    };
    Ok(found.map(spectrum).collect())
}

/// How the reported ticket of a search errs on the test data.
pub(crate) fn assessment(record: &SearchRecord, protocol: Protocol) -> AssessmentSpec {
    let mask = &protocol.chosen(record).mask;
    AssessmentSpec { ticket: record.spec.ticket(mask), part: Part::Test }
}

/// The assessments, in both protocols, of all tickets of `searches` that are there.
pub(crate) fn assessments(records: &Records, searches: &[SearchSpec]) -> Vec<RunSpec> {
    let found = searches.iter().filter_map(|spec| records.get(spec));
    found.flat_map(|record| Protocol::ALL.map(|protocol| assessment(record, protocol).into())).collect()
}

/// Searches for tickets in one network, which differ in the seed of the search: what Fig. 1 shows. Moons, A.
pub(crate) fn searches_of_one_network(plan: &Plan) -> Result<Vec<SearchSpec>, Error> {
    let one = Plan { runs: 1, ..*plan };
    let first = Arm::binary(Method::ga(), PaperName::Moons, "A").searches(&one)?;
    let seeds = (1..=plan.recurring_tickets()).map(Seed);
    Ok(seeds
        .flat_map(|search_seed| first.iter().map(move |spec| SearchSpec { search_seed, ..spec.clone() }))
        .collect())
}
