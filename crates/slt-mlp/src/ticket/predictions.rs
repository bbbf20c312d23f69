//! What a ticket says about new samples.

use ndarray::{Array2, ArrayView1, ArrayView2};
use slt_datasets::{Dataset, table::Table};

use super::{Ticket, TicketError};
use crate::{MetricName, plain};

/// Predictions for samples, one a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// Outputs of the network, `n_samples x n_classes`.
    pub logits: Array2<f32>,
    /// The class of each sample: that of the largest logit, of several the first.
    pub classes: Vec<u32>,
}

impl Predictions {
    /// The softmax of the logits, in double precision: with the largest logit `m` of a sample,
    /// `exp(z_c - m) / (sum over c, ascending, of exp(z_c - m))`. NaN for a sample with a logit that is not
    /// finite.
    ///
    /// # Shapes
    /// `n_samples x n_classes`.
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_mlp::Predictions;
    /// let predictions = Predictions { logits: array![[1000.0, 1000.0]], classes: vec![0] };
    /// assert_eq!(predictions.probabilities(), array![[0.5, 0.5]]);
    /// ```
    #[must_use]
    pub fn probabilities(&self) -> Array2<f64> {
        let mut probabilities = self.logits.mapv(f64::from);
        for mut row in probabilities.rows_mut() {
            if row.iter().any(|logit| !logit.is_finite()) {
                row.fill(f64::NAN);
                continue;
            }
            let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.mapv_inplace(|logit| libm::exp(logit - largest));
            let sum: f64 = row.iter().sum();
            row.mapv_inplace(|value| value / sum);
        }
        probabilities
    }
}

impl Ticket {
    /// Predictions for a table, prepared as the training data were.
    ///
    /// The table comes from [`Preprocessing::read`](slt_datasets::table::Preprocessing::read) of the ticket's
    /// [`preprocessing`](Self::preprocessing), or from arrays. Labels play no part.
    ///
    /// # Errors
    /// [`TicketError::NoPreprocessing`] if the ticket was not made on a table; otherwise as
    /// [`Preprocessing::features`](slt_datasets::table::Preprocessing::features).
    ///
    /// ```
    /// use slt_core::{BitMask, Seed};
    /// use slt_datasets::{io::csv::Dialect, table::{Missing, Preprocessing, Table, TableOptions}};
    /// use slt_mlp::{Architecture, Initializer, Network, Ticket};
    /// let file = "length,colour,kind\n1.5,red,a\n2.5,blue,b\n";
    /// let options = TableOptions { categorical: vec!["colour".into()], ..TableOptions::default() };
    /// let table = Table::read(file.as_bytes(), &options)?;
    /// let preprocessing = Preprocessing::fit(&table, Missing::Refuse, None)?;
    /// let network = Network::random(&Architecture::new([3, 4, 2])?, Initializer::paper(), Seed(1))?;
    /// let ticket = Ticket::new(network, BitMask::ones(20))?.with_preprocessing(preprocessing)?;
    ///
    /// let ticket = Ticket::from_bytes(&ticket.to_bytes())?;
    /// let preprocessing = ticket.preprocessing().expect("it was stored");
    /// let later = preprocessing.read("colour,length\ngreen,2\n".as_bytes(), &Dialect::default())?;
    /// let predictions = ticket.predict_table(later)?;
    /// let name = &ticket.class_names().expect("they were stored")[predictions.classes[0] as usize];
    /// assert!(["a", "b"].contains(&name.as_str()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn predict_table(&self, table: Table) -> Result<Predictions, TicketError> {
        let preprocessing = self.preprocessing().ok_or(TicketError::NoPreprocessing)?;
        self.predictions(preprocessing.features(table)?)
    }

    /// Predictions for rows of numbers as they are in files, prepared as the training data were, or scaled by
    /// the ticket's [`scaler`](Self::scaler). It takes no more than the rows, so large data can be given in
    /// parts.
    ///
    /// # Shapes
    /// `rows` is `n_samples x n_columns`, in the order of the columns of the training file, labels left out.
    ///
    /// # Errors
    /// As [`Preprocessing::features_of_rows`](slt_datasets::table::Preprocessing::features_of_rows), if the
    /// ticket was made on a table; otherwise as [`predictions`](Self::predictions).
    ///
    /// ```
    /// use ndarray::array;
    /// use slt_core::{BitMask, Seed};
    /// use slt_datasets::{scaling::ScalerKind, table::{Missing, Preprocessing, Table}};
    /// use slt_mlp::{Architecture, Initializer, Network, Ticket};
    /// let table = Table::from_arrays(array![[0.0, 1.0], [4.0, 3.0]], Some(vec![0, 1]))?;
    /// let preprocessing = Preprocessing::fit(&table, Missing::Refuse, Some(ScalerKind::Standard))?;
    /// let network = Network::random(&Architecture::new([2, 4, 2])?, Initializer::paper(), Seed(1))?;
    /// let ticket = Ticket::new(network, BitMask::ones(16))?.with_preprocessing(preprocessing)?;
    /// let rows = array![[0.0, 1.0], [4.0, 3.0]];
    /// assert_eq!(ticket.predict_rows(&rows.view())?, ticket.predict_table(table)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn predict_rows(&self, rows: &ArrayView2<'_, f32>) -> Result<Predictions, TicketError> {
        let features = match self.preprocessing() {
            Some(preprocessing) => preprocessing.features_of_rows(rows)?,
            None => rows.as_standard_layout().into_owned(),
        };
        self.predictions(features)
    }

    /// Predictions for samples without labels. They are scaled by the ticket's [`scaler`](Self::scaler), if
    /// it has one, but not prepared by its [`preprocessing`](Self::preprocessing).
    ///
    /// # Shapes
    /// `features` is `n_samples x n_inputs`.
    ///
    /// # Errors
    /// If there are no samples, or the number of features is not that of the network's inputs, or one is not
    /// finite.
    pub fn predictions(&self, features: Array2<f32>) -> Result<Predictions, TicketError> {
        let n_outputs = self.network().architecture().n_outputs();
        let labels = vec![0; features.nrows()];
        let data = Dataset::new("samples", features, labels, n_outputs)?;
        let logits = self.evaluator(&data, MetricName::Accuracy)?.logits(self.mask())?;
        let class = |row: ArrayView1<'_, f32>| plain::argmax(row) as u32;
        let classes = logits.rows().into_iter().map(class).collect();
        Ok(Predictions { logits, classes })
    }
}
