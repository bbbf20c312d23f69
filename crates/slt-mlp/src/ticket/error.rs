/// What can be wrong with a ticket or its file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// The network, the mask or the data do not fit together.
    #[error(transparent)]
    Mlp(#[from] crate::Error),
    /// The data could not be scaled.
    #[error(transparent)]
    Data(#[from] slt_datasets::Error),
    /// The network's parameters were given, not drawn.
    #[error("a ticket stores the recipe of its network, and this network was not drawn from one")]
    NoRecipe,
    /// The scaler belongs to other data.
    #[error("the scaler was fitted on {features} features, the network has {inputs} inputs")]
    ScalerFeatures {
        /// Inputs of the network.
        inputs: usize,
        /// Features of the scaler.
        features: usize,
    },
    /// The preprocessing belongs to other data.
    #[error("the preprocessing makes {features} features, the network has {inputs} inputs")]
    PreprocessingFeatures {
        /// Inputs of the network.
        inputs: usize,
        /// Features that are made.
        features: usize,
    },
    /// A scaler beside a preprocessing.
    #[error("a ticket has a scaler or a preprocessing, which scales already, not both")]
    ScaledTwice,
    /// A table for a ticket that was made on other data.
    #[error("the ticket was not made on a table: it does not know the columns")]
    NoPreprocessing,
    /// An impossible note of the data's files.
    #[error("the note of the data's files is not usable: {problem}")]
    Source {
        /// What would be right.
        problem: &'static str,
    },
    /// Not one name for each class.
    #[error("{names} class names for {classes} classes")]
    ClassNames {
        /// Classes of the network.
        classes: usize,
        /// Names that were given.
        names: usize,
    },
    /// The file does not begin like a ticket.
    #[error("this is not a ticket file: it does not begin with SLTICKET")]
    Magic,
    /// The bytes do not begin like the lean form.
    #[error("this is not a lean ticket: it does not begin with a byte from 0xd0 to 0xd7")]
    MagicByte,
    /// The lean form cannot hold the ticket.
    #[error(
        "the lean form of a ticket holds columns of numbers only, and this one was made on a table with categories"
    )]
    NotLean,
    /// A newer program wrote the file.
    #[error("the ticket has format version {found}; this program reads up to version {supported}")]
    NewerVersion {
        /// Version of the file.
        found: u16,
        /// Newest version that can be read.
        supported: u16,
    },
    /// The file ends early.
    #[error("the ticket file is cut short: {field} needs {needed} bytes, {left} are left")]
    CutShort {
        /// What was being read.
        field: &'static str,
        /// Bytes that it takes.
        needed: usize,
        /// Bytes that were left.
        left: usize,
    },
    /// The file goes on after its end.
    #[error("the ticket file has {extra} bytes after its end")]
    TooLong {
        /// Bytes too many.
        extra: usize,
    },
    /// A byte has changed.
    #[error("the ticket file is damaged: its checksum does not match")]
    Checksum,
    /// A field holds something that it cannot hold.
    #[error("the ticket file is damaged: bad {field}")]
    Field {
        /// The field.
        field: &'static str,
    },
}
