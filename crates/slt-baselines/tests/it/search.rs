//! Random hyper-parameter search: draws, folds, and independence of threads.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Mutex;

use ndarray::Array2;
use slt_baselines::{
    Error, Grid, MlpClassifier, RandomizedSearch, Samples, SearchObserver, Solver, Trial,
    draw_without_replacement, stratified_folds,
};
use slt_datasets::paper::PaperName;

/// The grid points that the paper's search draws.
fn drawn(grid: &Grid) -> Vec<MlpClassifier> {
    let RandomizedSearch { n_iter, random_state, .. } = RandomizedSearch::paper();
    draw_without_replacement(grid.len(), n_iter, random_state).into_iter().map(|i| grid.get(i)).collect()
}

/// Equal up to the digits that the paper prints.
fn same(a: &MlpClassifier, b: &MlpClassifier) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() <= 3e-3 * y;
    let momentum = a.momentum == b.momentum && (a.nesterovs_momentum == b.nesterovs_momentum);
    a.solver == b.solver
        && a.learning_rate == b.learning_rate
        && near(a.learning_rate_init, b.learning_rate_init)
        && a.batch_size == b.batch_size
        && near(a.alpha, b.alpha)
        && if a.solver == Solver::Sgd { momentum } else { near(a.epsilon, b.epsilon) }
}

/// Table 2 was found by this search: with seed 42, every row of it is among the ten points drawn from its
/// grid. So grids, numbering and draws are those of the paper's script.
#[test]
fn paper_draws_contain_every_row_of_table_2() {
    let base = MlpClassifier::scikit_learn([75]);
    let (adam, sgd) = (drawn(&Grid::paper_adam(base.clone())), drawn(&Grid::paper_sgd(base)));
    let two = [&[20][..], &[75], &[100], &[50, 50]];
    let mut rows: Vec<MlpClassifier> = [PaperName::Moons, PaperName::Circles]
        .into_iter()
        .flat_map(|data| two.map(|hidden| MlpClassifier::paper(data, 2, hidden).unwrap()))
        .collect();
    rows.extend((2..=10).map(|k| MlpClassifier::paper(PaperName::Blobs, k, &[100]).unwrap()));
    rows.extend([2, 3, 4, 5, 10].map(|k| MlpClassifier::paper(PaperName::Digits, k, &[75]).unwrap()));
    assert_eq!(rows.len(), 22);
    for row in rows {
        let points = if row.solver == Solver::Sgd { &sgd } else { &adam };
        assert_eq!(points.iter().filter(|point| same(point, &row)).count(), 1, "{row:?}");
    }
}

#[test]
fn grids_have_all_points_once() {
    let base = MlpClassifier::scikit_learn([10]);
    let grid = Grid { momentum: vec![0.1, 0.2], epsilon: vec![1e-8], ..Grid::paper_sgd(base) };
    assert_eq!(grid.len(), 10 * 3 * 2 * 10 * 2 * 2);
    let points: BTreeSet<String> = (0..grid.len()).map(|i| format!("{:?}", grid.get(i))).collect();
    assert_eq!(points.len(), grid.len());
    // The last name changes fastest.
    assert!(grid.get(0).nesterovs_momentum && !grid.get(1).nesterovs_momentum);
    assert_eq!((grid.get(0).momentum, grid.get(2).momentum), (0.1, 0.2));
    assert_eq!((grid.get(0).alpha, grid.get(grid.len() - 1).alpha), (1e-4, 1e-1));
}

#[test]
fn draws_do_not_repeat() {
    for (n, count) in [(1, 1), (5, 9), (40, 30), (100, 99), (1_000, 995), (6_000, 60), (10_000, 50)] {
        let draws = draw_without_replacement(n, count, 7);
        assert_eq!(draws.len(), count.min(n));
        assert_eq!(draws.iter().collect::<BTreeSet<_>>().len(), draws.len());
        assert!(draws.iter().all(|&i| i < n));
    }
    assert!(draw_without_replacement(0, 3, 7).is_empty());
}

#[test]
fn folds_partition_and_stratify() {
    let labels: Vec<u32> = (0..100).map(|i| if i % 7 == 0 { 3 } else { i % 3 }).collect();
    let folds = stratified_folds(&labels, 3).unwrap();
    let mut tested: Vec<usize> = folds.iter().flat_map(|fold| fold.test.clone()).collect();
    tested.sort_unstable();
    assert_eq!(tested, (0..100).collect::<Vec<_>>());
    for class in 0..4 {
        let counts: Vec<usize> =
            folds.iter().map(|f| f.test.iter().filter(|&&row| labels[row] == class).count()).collect();
        assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
    }
    for fold in &folds {
        assert!(fold.train.len() + fold.test.len() == 100 && fold.train.is_sorted() && fold.test.is_sorted());
    }
    assert_eq!(stratified_folds(&[0, 0, 1], 3), Err(Error::FoldCount { folds: 3, largest: 2 }));
    assert!(matches!(stratified_folds(&labels, 1), Err(Error::Parameter { parameter: "cv", .. })));
}

#[test]
fn threads_do_not_matter_and_ranks_are_right() {
    let digits = Samples::<f32>::from(&slt_datasets::paper::digits(3).unwrap().train);
    let base = MlpClassifier { max_iter: 2, ..MlpClassifier::scikit_learn([8]) };
    let search = RandomizedSearch { n_iter: 4, ..RandomizedSearch::paper() };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| search.run(&Grid::paper_sgd(base.clone()), &digits)).unwrap()
    };
    let outcome = on(1);
    assert_eq!(outcome, on(3));
    let best = outcome.best().unwrap();
    assert!(outcome.trials.iter().all(|trial| trial.mean_score <= best.mean_score));
    assert!(outcome.trials.iter().all(|trial| trial.scores.len() == 3 && trial.epochs == [Some(2); 3]));
    let text = serde_json::to_string(&outcome).unwrap();
    assert_eq!(serde_json::from_str::<slt_baselines::SearchOutcome>(&text).unwrap(), outcome);
}

#[test]
fn impossible_searches_are_errors() {
    let samples = Samples::<f64>::new(Array2::zeros((6, 1)), vec![0, 1, 0, 1, 0, 1], 2).unwrap();
    let base = MlpClassifier::scikit_learn([2]);
    let grid = Grid { momentum: vec![0.5, 2.0], ..Grid::paper_sgd(base) };
    let search = RandomizedSearch::paper();
    assert!(matches!(search.run(&grid, &samples), Err(Error::Parameter { parameter: "momentum", .. })));
    let grid = Grid { alpha: vec![], ..grid };
    assert!(matches!(search.run(&grid, &samples), Err(Error::Parameter { .. })));
    let none = RandomizedSearch { n_iter: 0, ..search };
    assert!(matches!(none.run(&grid, &samples), Err(Error::Parameter { parameter: "n_iter", .. })));
}

/// Ends a search after some trials, and keeps them.
struct Until(usize, Mutex<Vec<Trial>>);

impl SearchObserver for Until {
    fn on_trial(&self, trial: &Trial) -> ControlFlow<()> {
        let mut kept = self.1.lock().unwrap();
        kept.push(trial.clone());
        if kept.len() >= self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn interrupted_and_resumed_is_uninterrupted() {
    let digits = Samples::<f32>::from(&slt_datasets::paper::digits(3).unwrap().train);
    let base = MlpClassifier { max_iter: 2, ..MlpClassifier::scikit_learn([8]) };
    let search = RandomizedSearch { n_iter: 5, ..RandomizedSearch::paper() };
    let grid = Grid::paper_sgd(base.clone());
    let whole = search.run(&grid, &digits).unwrap();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut known: Vec<Trial> = Vec::new();
            let outcome = loop {
                let until = Until(2, Mutex::default());
                let result = search.resume(&grid, &digits, &known, &until);
                let finished = until.1.into_inner().unwrap();
                assert!(finished.iter().all(|trial| trial.rank == 0 && !known.contains(trial)));
                known.extend(finished);
                match result {
                    Err(error) => {
                        assert_eq!(error, Error::Interrupted { finished: known.len(), wanted: 5 });
                    }
                    Ok(outcome) => break outcome,
                }
            };
            assert_eq!(outcome, whole);
        });
    }
    // Everything is known: nothing is run.
    let until = Until(1, Mutex::default());
    assert_eq!(search.resume(&grid, &digits, &whole.trials, &until), Ok(whole.clone()));
    assert!(until.1.into_inner().unwrap().is_empty());
}

#[test]
fn epochs_are_told_and_can_end_a_search() {
    struct Stop;
    impl SearchObserver for Stop {
        fn on_epoch(
            &self,
            _: usize,
            fold: usize,
            classifier: &MlpClassifier,
            epoch: &slt_baselines::MlpEpoch,
        ) -> ControlFlow<()> {
            assert!(fold < 3 && classifier.max_iter == 50);
            if epoch.epoch == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let digits = Samples::<f32>::from(&slt_datasets::paper::digits(2).unwrap().train);
    let base = MlpClassifier { max_iter: 50, ..MlpClassifier::scikit_learn([4]) };
    let search = RandomizedSearch { n_iter: 3, ..RandomizedSearch::paper() };
    let result = search.resume(&Grid::paper_adam(base), &digits, &[], &Stop);
    assert_eq!(result, Err(Error::Interrupted { finished: 0, wanted: 3 }));
}

#[test]
fn trials_of_another_search_are_errors() {
    let digits = Samples::<f32>::from(&slt_datasets::paper::digits(2).unwrap().train);
    let base = MlpClassifier { max_iter: 1, ..MlpClassifier::scikit_learn([4]) };
    let search = RandomizedSearch { n_iter: 2, ..RandomizedSearch::paper() };
    let grid = Grid::paper_adam(base);
    let known = search.run(&grid, &digits).unwrap().trials;
    let index = known[0].index;
    let foreign = |search: RandomizedSearch, grid: &Grid| {
        search.resume(grid, &digits, &known[..1], &()) == Err(Error::ForeignTrial { index })
    };
    assert!(foreign(RandomizedSearch { random_state: 1, ..search }, &grid));
    assert!(foreign(RandomizedSearch { cv: 4, ..search }, &grid));
    let longer = MlpClassifier { max_iter: 2, ..grid.base.clone() };
    assert!(foreign(search, &Grid { base: longer, ..grid.clone() }));
    assert!(!foreign(search, &grid));
}
