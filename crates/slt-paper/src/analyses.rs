//! The runs that look at tickets: what figures 1 and 8 and some claims need beside accuracies.

use slt_baselines::LanczosConfig;
use slt_core::Seed;
use slt_datasets::paper::{PaperName, PaperScaling};

use crate::arm::{Arm, any};
use crate::method::Method;
use crate::{Error, Plan, Protocol};
use slt_run::{
    AssessmentSpec, Coordinates, Directions, LandscapeSpec, Records, RunSpec, SearchRecord, SearchSpec,
    SpectrumSpec, SplitPart, TicketSpec,
};

/// The most points along each direction of a plane that numbers are read from; the one that is drawn has
/// more.
const COARSE: usize = 21;

/// The form in which the ticket of a search is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it evolved, chosen on training data.
    Evolved,
    /// Chosen and pruned on test data: the only tickets that the published code of Fig. 7 (b) to 11 stores.
    TestPruned,
}

impl Form {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Evolved, Self::TestPruned];

    /// The one that a protocol decides by.
    pub(crate) fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Clean => Self::Evolved,
            Protocol::Paper => Self::TestPruned,
        }
    }

    /// In words.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Evolved => "as evolved",
            Self::TestPruned => "test-pruned",
        }
    }

    /// The ticket of a search.
    fn ticket(self, record: &SearchRecord, records: &Records) -> Result<TicketSpec, Error> {
        Ok(match self {
            Self::Evolved => record.spec.ticket(&Protocol::Clean.chosen(record).mask),
            Self::TestPruned => record.spec.ticket(&records.need(&Protocol::Paper.pruning(record))?.mask),
        })
    }
}

/// The tickets of searches in a form.
#[derive(Debug, Clone)]
pub(crate) struct Tickets {
    searches: Vec<SearchSpec>,
    form: Form,
}

impl Tickets {
    /// Those of an arm.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn of(arm: Arm, form: Form, plan: &Plan, records: &Records) -> Result<Self, Error> {
        Ok(Self { searches: arm.searches(plan, records)?, form })
    }

    /// Those of ten blobs that Fig. 8 looks at.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn curved(plan: &Plan, scaling: PaperScaling, form: Form) -> Result<Self, Error> {
        Ok(Self { searches: curved_searches(plan, scaling)?, form })
    }

    /// The runs that they come from, as far as they are known from the records.
    pub(crate) fn runs(&self, records: &Records) -> Vec<RunSpec> {
        let found = self.searches.iter().filter_map(|spec| records.get(spec));
        let prunings = found.filter(|_| self.form == Form::TestPruned);
        let prunings = prunings.map(|record| Protocol::Paper.pruning(record));
        any(self.searches.iter().cloned()).chain(any(prunings)).collect()
    }

    /// Those that are known from the records.
    pub(crate) fn known(&self, records: &Records) -> Vec<TicketSpec> {
        let found = self.searches.iter().filter_map(|spec| records.get(spec));
        found.filter_map(|record| self.form.ticket(record, records).ok()).collect()
    }

    /// All of them, in the order of the seeds.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there that one follows from.
    pub(crate) fn need(&self, records: &Records) -> Result<Vec<TicketSpec>, Error> {
        let found = records.need_all(&self.searches)?.into_iter();
        found.map(|record| self.form.ticket(record, records)).collect()
    }
}

/// A way to lay planes through tickets of the raw blobs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slicing {
    pub(crate) label: &'static str,
    pub(crate) form: Form,
    directions: Directions,
    reach: f64,
    biases: bool,
    /// Planes through each ticket.
    planes: u64,
}

/// The text has directions from N(0, 1), the published code from U[0, 1). FACTS moves weights and biases,
/// while the text's vector holds weights alone (Section 3). At the text's reach the ticket is left far behind
/// at the first step.
pub(crate) const SLICINGS: [Slicing; 5] = {
    let text = Slicing {
        label: "N(0,1), as evolved",
        form: Form::Evolved,
        directions: Directions::Normal,
        reach: 1.0,
        biases: true,
        planes: 5,
    };
    [
        text,
        Slicing { label: "N(0,1), test-pruned", form: Form::TestPruned, ..text },
        Slicing { label: "U[0,1), as evolved", directions: Directions::Uniform, ..text },
        Slicing { label: "N(0,1) within 0.1, as evolved", reach: 0.1, ..text },
        Slicing { label: "N(0,1) over weights alone, as evolved", biases: false, planes: 1, ..text },
    ]
};

impl Slicing {
    /// Whether claims are decided by it: the text's directions, through the tickets of the protocol.
    pub(crate) fn decides(self, protocol: Protocol) -> bool {
        let as_the_text = self.directions == Directions::Normal && self.reach == 1.0 && self.biases;
        as_the_text && self.form == Form::of(protocol)
    }

    /// The tickets in the middle.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(crate) fn tickets(self, plan: &Plan) -> Result<Tickets, Error> {
        Tickets::curved(plan, PaperScaling::Paper, self.form)
    }

    /// The planes through a ticket, each with directions of its own.
    pub(crate) fn through(self, plan: &Plan, ticket: &TicketSpec) -> Vec<LandscapeSpec> {
        let spec = |plane| LandscapeSpec {
            ticket: ticket.clone(),
            part: SplitPart::Train,
            steps: plan.landscape_steps().min(COARSE),
            reach: self.reach,
            biases: self.biases,
            seed: Seed(100 * ticket.network.seed.0 + plane),
            directions: self.directions,
        };
        (1..=self.planes).map(spec).collect()
    }
}

/// Tickets of ten blobs, cross-entropy as objective, at most 5 runs: what Fig. 8 looks at.
pub(crate) fn curved_searches(plan: &Plan, scaling: PaperScaling) -> Result<Vec<SearchSpec>, Error> {
    let plan = Plan { runs: plan.runs.min(5), ..*plan };
    Arm::classes(Method::ga_loss(), PaperName::Blobs, 10).scaled(scaling).searches(&plan, &Records::new())
}

/// The plane of Fig. 8 (a, b) around the first ticket of the raw blobs. `None` until the ticket is there.
pub(crate) fn landscape(plan: &Plan, records: &Records) -> Result<Option<LandscapeSpec>, Error> {
    let searches = curved_searches(plan, PaperScaling::Paper)?;
    Ok(searches.first().and_then(|spec| records.get(spec)).map(|record| LandscapeSpec {
        ticket: record.spec.ticket(&Protocol::Clean.chosen(record).mask),
        part: SplitPart::Train,
        steps: plan.landscape_steps(),
        reach: 1.0,
        biases: true,
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
    let tickets = Tickets::curved(plan, scaling, Form::Evolved)?.known(records);
    Ok(tickets.into_iter().map(|ticket| spectrum(ticket, Coordinates::Unmasked)).collect())
}

/// The largest Hessian eigenvalues at a ticket.
pub(crate) fn spectrum(ticket: TicketSpec, over: Coordinates) -> SpectrumSpec {
    let lanczos = LanczosConfig { tolerance: 1e-4, ..LanczosConfig::top(10) };
    SpectrumSpec { ticket, part: SplitPart::Train, over, lanczos }
}

/// How a ticket errs on the test data.
pub(crate) fn errors_of(ticket: TicketSpec) -> AssessmentSpec {
    AssessmentSpec { ticket, part: SplitPart::Test }
}

/// How the reported ticket of a search errs on the test data.
pub(crate) fn assessment(record: &SearchRecord, protocol: Protocol) -> AssessmentSpec {
    errors_of(record.spec.ticket(&protocol.chosen(record).mask))
}

/// The assessments, in both protocols, of all tickets of `searches` that are there.
pub(crate) fn assessments(records: &Records, searches: &[SearchSpec]) -> Vec<RunSpec> {
    let found = searches.iter().filter_map(|spec| records.get(spec));
    found.flat_map(|record| Protocol::ALL.map(|protocol| assessment(record, protocol).into())).collect()
}

/// Searches for tickets in one network, which differ in the seed of the search: what Fig. 1 shows. Moons, A.
pub(crate) fn searches_of_one_network(plan: &Plan) -> Result<Vec<SearchSpec>, Error> {
    let one = Plan { runs: 1, ..*plan };
    let first = Arm::binary(Method::ga(), PaperName::Moons, "A").searches(&one, &Records::new())?;
    let seeds = (1..=plan.recurring_tickets()).map(Seed);
    Ok(seeds
        .flat_map(|search_seed| first.iter().map(move |spec| SearchSpec { search_seed, ..spec.clone() }))
        .collect())
}
