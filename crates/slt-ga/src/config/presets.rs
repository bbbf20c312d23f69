use super::{AdaptiveBound, Admissibility, GaConfig, Looks, MutationKind, SelectionKind, Termination};

impl GaConfig {
    /// The configuration "GA" of the paper, for an accuracy: at least 100 generations, until the last 50
    /// recorded bests are equal, without a cap.
    pub fn paper() -> Self {
        Self {
            population: 100,
            recombination_rate: 0.3,
            parent_rate: 0.3,
            mutation_rate: 0.1,
            migration_rate: 0.1,
            mutation: MutationKind::UniformBit,
            selection: SelectionKind::CutOff,
            bound: None,
            admissibility: Admissibility::Ignored,
            termination: Termination {
                min_generations: 100,
                patience: Some(50),
                looks: None,
                max_generations: None,
                stop_when_solved: false,
            },
            memory: 4096,
        }
    }

    /// "GA (adaptive AB)": as [`paper`](Self::paper), but random masks must reach an
    /// [`AdaptiveBound`] with these limits, children and mutants must be admissible, mutation chooses a
    /// group first, and there are at most 200 generations.
    pub fn paper_adaptive(reasonable: u32, given: u32) -> Self {
        let paper = Self::paper();
        Self {
            mutation: MutationKind::GroupFirst,
            bound: Some(AdaptiveBound::paper(reasonable, given)),
            admissibility: Admissibility::Required { redraws: 1000 },
            termination: Termination { max_generations: Some(200), ..paper.termination },
            ..paper
        }
    }

    /// For a loss, which goes on improving by a little nearly always: as [`paper`](Self::paper), but the
    /// search is looked at every 50 generations and ends, after 100 at the earliest, once the best is the
    /// same at `equal_looks` looks in a row, or after 2,000 generations.
    ///
    /// The paper's `digits` runs use 2 looks; its `blobs` runs use 5, and set
    /// [`stop_when_solved`](Termination::stop_when_solved).
    pub fn paper_loss(equal_looks: u32) -> Self {
        let paper = Self::paper();
        Self {
            termination: Termination {
                min_generations: 100,
                patience: None,
                looks: Some(Looks { every: 50, equal: equal_looks }),
                max_generations: Some(2000),
                stop_when_solved: false,
            },
            ..paper
        }
    }
}
