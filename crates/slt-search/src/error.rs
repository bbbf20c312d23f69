/// What can go wrong before, during and after a search.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A field of the configuration is out of its range.
    #[error("{field} is {value}, it must be {range}")]
    Config {
        /// The field, with the fields around it: `bound.given`, say.
        field: &'static str,
        /// What it holds.
        value: f64,
        /// What it may hold.
        range: &'static str,
    },
    /// No rule would ever end the search.
    #[error("termination has no rule that ends a search: set {rules}")]
    NeverEnds {
        /// The rules that there are.
        rules: &'static str,
    },
    /// The objective cannot be searched unit by unit.
    #[error(
        "the objective cannot be searched unit by unit: that takes a network, and a metric that is a mean of losses"
    )]
    NoUnits,
    /// The objective is over masks without bits.
    #[error("the objective is over masks of 0 bits, there is nothing to search")]
    NoBits,
    /// Two objectives of a problem are over masks of different lengths.
    #[error("an objective is over masks of {objective} bits, another one of the same problem over {other}")]
    OtherBits {
        /// Bits of the first.
        objective: usize,
        /// Bits of the other.
        other: usize,
    },
    /// A bit group of the objective does not begin where the one before it ends.
    #[error(
        "the objective's bit group {group} is {start}..{end}, it must start at {expected} and end by {n_bits}"
    )]
    Groups {
        /// The group.
        group: usize,
        /// Its first bit.
        start: usize,
        /// The bit after its last.
        end: usize,
        /// Where it should start.
        expected: usize,
        /// Bits of a mask.
        n_bits: usize,
    },
    /// The bit groups of the objective leave out the last bits.
    #[error("the objective's bit groups end at bit {end}, they must cover all {n_bits} bits")]
    GroupsEnd {
        /// The bit after the last group.
        end: usize,
        /// Bits of a mask.
        n_bits: usize,
    },
    /// The objective returned more or fewer scores than it was given masks.
    #[error("the objective was given {expected} masks and returned {actual} scores")]
    ScoreCount {
        /// Masks that were handed over.
        expected: usize,
        /// Scores that came back.
        actual: usize,
    },
    /// A performance is not a finite number.
    #[error("the objective returned the performance {performance}, it must be finite")]
    NotFinite {
        /// The performance.
        performance: f64,
    },
    /// A mask was answered with "below the floor" although no floor was given.
    #[error("the objective answered `Below` although no floor was given")]
    BelowNothing,
    /// No mask for the first population was admissible.
    #[error("none of {draws} random masks is admissible, so there is no first population")]
    NoAdmissibleMask {
        /// Masks that were drawn.
        draws: u64,
    },
    /// The observer stopped the search before there was a first state.
    #[error("stopped at the start, {accepted} of {wanted} masks accepted")]
    Interrupted {
        /// Masks that were accepted.
        accepted: usize,
        /// Masks that are wanted.
        wanted: usize,
    },
    /// The bytes do not begin as a checkpoint does.
    #[error("not a checkpoint of a search: the first 8 bytes are not `SLTSRCH1`")]
    NotACheckpoint,
    /// The checkpoint was written in a format that this version does not read.
    #[error("the checkpoint has format version {found}, this program reads version {supported}")]
    CheckpointVersion {
        /// Version of the checkpoint.
        found: u32,
        /// Version that is read.
        supported: u32,
    },
    /// The checkpoint is shorter or longer than its header says.
    #[error("the checkpoint has {actual} bytes, it should have {expected}")]
    CheckpointLength {
        /// Bytes that it should have.
        expected: u64,
        /// Bytes that there are.
        actual: u64,
    },
    /// The content of the checkpoint does not match its checksum.
    #[error("the checkpoint is damaged: its content does not match its SHA-256 checksum")]
    CheckpointChecksum,
    /// The checkpoint could not be decoded.
    #[error("the checkpoint cannot be decoded")]
    CheckpointContent(#[source] serde_json::Error),
    /// Two parts of the checkpoint do not fit together.
    #[error("the checkpoint contradicts itself: {violated}")]
    CheckpointInconsistent {
        /// What is wrong.
        violated: &'static str,
    },
    /// A checkpoint is resumed under other circumstances than it was taken.
    #[error("the checkpoint was taken with {field} = {checkpoint}, not {given}")]
    ResumeMismatch {
        /// What differs: `seed`, `objective.fingerprint`, `config.mutation_rate`, ...
        field: String,
        /// Its value in the checkpoint, as JSON.
        checkpoint: String,
        /// The value given, as JSON.
        given: String,
    },
    /// A checkpoint is resumed with rules by which the search would have ended before it was taken.
    #[error(
        "the checkpoint was taken after generation {generation}, but by the rules given the search would have ended after \
         generation {ended} ({reason})"
    )]
    ResumeBeyond {
        /// The generation of the checkpoint.
        generation: u64,
        /// The last generation by the rules given.
        ended: u64,
        /// The rule.
        reason: crate::StopReason,
    },
}

impl Error {
    /// Whether a parameter is in its range; NaN never is. `range` says in words what it may be.
    ///
    /// ```
    /// use slt_search::Error;
    /// assert!(Error::check_range("rate", 0.3, 0.0, 1.0, "in [0, 1]").is_ok());
    /// let error = Error::check_range("rate", 1.5, 0.0, 1.0, "in [0, 1]").unwrap_err();
    /// assert_eq!(error.to_string(), "rate is 1.5, it must be in [0, 1]");
    /// ```
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn check_range(
        field: &'static str,
        value: f64,
        low: f64,
        high: f64,
        range: &'static str,
    ) -> Result<(), Self> {
        if (low..=high).contains(&value) { Ok(()) } else { Err(Self::Config { field, value, range }) }
    }

    /// Whether something holds that a checkpoint must keep to; `violated` says what is wrong if it does not.
    ///
    /// # Errors
    /// [`Error::CheckpointInconsistent`].
    pub fn check_consistent(holds: bool, violated: &'static str) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::CheckpointInconsistent { violated }) }
    }
}
