use serde::{Deserialize, Serialize};

use super::{About, Context, Kind, Recorded, RunRecord, SplitPart, TicketSpec};
use crate::Error;

/// How a ticket errs, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessmentSpec {
    /// The ticket.
    pub ticket: TicketSpec,
    /// The data that it is assessed on.
    pub part: SplitPart,
}

/// How a ticket errs, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessmentRecord {
    /// What was run.
    pub spec: AssessmentSpec,
    /// Number of samples of each class (rows) that are taken for each class (columns).
    pub confusion: Vec<Vec<u64>>,
    /// Mean probability, by the softmax of the outputs, of the class that is right.
    pub mean_true_probability: f64,
    /// Mean probability of the class that is predicted.
    pub mean_confidence: f64,
    /// The same over the samples that are classified correctly; none if there is none.
    pub mean_confidence_when_correct: Option<f64>,
    /// Share of the samples that are classified correctly.
    pub accuracy: f64,
}

impl Kind for AssessmentSpec {
    fn what(&self) -> String {
        "assessment".to_owned()
    }

    fn about(&self) -> About {
        self.ticket.about()
    }

    fn passes(&self) -> f64 {
        5.0
    }

    fn execute(&self, _context: &mut dyn Context) -> Result<RunRecord, Error> {
        let (network, data) = self.ticket.load()?;
        let data = self.part.of(&data);
        let evaluator = TicketSpec::evaluator(&network, data)?;
        let logits = evaluator.logits(&self.ticket.mask)?;
        let predicted = evaluator.predict(&self.ticket.mask)?;
        let n_classes = network.architecture().n_outputs();
        let mut confusion = vec![vec![0; n_classes]; n_classes];
        let (mut of_true, mut of_predicted, mut of_correct) = (0.0, 0.0, 0.0);
        for ((row, &label), &class) in logits.rows().into_iter().zip(data.labels()).zip(&predicted) {
            let (label, class) = (label as usize, class as usize);
            confusion[label][class] += 1;
            let top = f64::from(row[class]);
            let weights: Vec<f64> = row.iter().map(|&z| libm::exp(f64::from(z) - top)).collect();
            let sum: f64 = weights.iter().sum();
            of_true += weights[label] / sum;
            of_predicted += weights[class] / sum;
            if class == label {
                of_correct += weights[class] / sum;
            }
        }
        let n = predicted.len() as f64;
        let correct = (0..n_classes).map(|class| confusion[class][class]).sum::<u64>() as f64;
        Ok(AssessmentRecord {
            spec: self.clone(),
            accuracy: correct / n,
            mean_confidence_when_correct: (correct > 0.0).then(|| of_correct / correct),
            confusion,
            mean_true_probability: of_true / n,
            mean_confidence: of_predicted / n,
        }
        .into())
    }
}

impl Recorded for AssessmentRecord {
    fn digest(&self) -> String {
        format!("{} accuracy", self.accuracy)
    }
}
