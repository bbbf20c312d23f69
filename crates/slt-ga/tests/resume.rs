//! A checkpoint of any generation leads to the same end.

mod common;

use std::ops::ControlFlow;

use common::{Parity, config};
use proptest::prelude::*;
use slt_core::{Objective, Seed};
use slt_ga::{
    Checkpoint, DrawProgress, Error, GaConfig, Observer, Search, StopReason, View, on_generation, resume, run,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_generation_leads_to_the_same_outcome(config in config(), seed: u64, n_bits in 5..80_usize) {
        let problem = Parity::new(n_bits, 20);
        let mut checkpoints = Vec::new();
        let mut save = on_generation(|view| {
            checkpoints.push(view.checkpoint().to_bytes());
            ControlFlow::Continue(())
        });
        let whole = run(&problem, &config, Seed(seed), &mut save).unwrap();
        prop_assert_eq!(checkpoints.len() as u64, whole.generations + 1);
        for (generation, bytes) in (0..).zip(&checkpoints) {
            let checkpoint = Checkpoint::from_bytes(bytes).unwrap();
            prop_assert_eq!(checkpoint.generation(), generation);
            prop_assert_eq!(&checkpoint.to_bytes(), bytes);
            let mut generations = Vec::new();
            let mut note = on_generation(|view| {
                generations.push(view.generation());
                ControlFlow::Continue(())
            });
            let resumed = resume(&problem, &config, Seed(seed), checkpoint, &mut note).unwrap();
            prop_assert_eq!(&resumed, &whole);
            // Not told again of the generation it was saved in.
            prop_assert_eq!(generations, (generation + 1..=whole.generations).collect::<Vec<_>>());
        }
    }

    /// A limit may be raised after the search has come to it.
    #[test]
    fn a_search_goes_on_beyond_its_end(config in config(), seed: u64, share in 0.0..1.0) {
        let problem = Parity::new(30, 20);
        let whole = run(&problem, &config, Seed(seed), &mut ()).unwrap();
        let mut short = config.clone();
        let cap = (share * whole.generations as f64) as u64;
        short.termination.max_generations = Some(cap);
        let mut search = Search::start(&problem, short.validate().unwrap(), Seed(seed), &mut ()).unwrap();
        while search.stop_reason().is_none() {
            search.step(&mut ()).unwrap();
        }
        let checkpoint = search.view().checkpoint();
        prop_assert_eq!(checkpoint.generation(), cap);
        prop_assert_eq!(resume(&problem, &config, Seed(seed), checkpoint.clone(), &mut ()).unwrap(), whole);
        // But it does not go back.
        if cap > 0 {
            short.termination.max_generations = Some(cap - 1);
            let error = resume(&problem, &short, Seed(seed), checkpoint, &mut ()).unwrap_err();
            let back = matches!(error, Error::ResumeBeyond { generation, ended, .. } if generation == cap && ended == cap - 1);
            prop_assert!(back, "{}", error);
        }
    }

    /// The drawing of migrants broken off anywhere: the search stays at a whole generation.
    #[test]
    fn broken_off_while_migrants_are_drawn(config in config(), seed: u64, after in 0..400_u32) {
        let problem = Parity::new(30, 20);
        let mut stop = StopDrawing { left: after, checkpoint: None };
        let outcome = match run(&problem, &config, Seed(seed), &mut stop) {
            Err(Error::Interrupted { accepted, wanted }) => {
                prop_assert!(accepted <= wanted && wanted == config.population && stop.checkpoint.is_none());
                return Ok(());
            }
            other => other.unwrap(),
        };
        let whole = run(&problem, &config, Seed(seed), &mut ()).unwrap();
        let generations = outcome.generations as usize;
        prop_assert_eq!(&outcome.history[..], &whole.history[..=generations]);
        if outcome.stop_reason == StopReason::Interrupted {
            let checkpoint = stop.checkpoint.unwrap();
            prop_assert_eq!(checkpoint.population(), &outcome.population);
            prop_assert_eq!(resume(&problem, &config, Seed(seed), checkpoint, &mut ()).unwrap(), whole);
        } else {
            prop_assert_eq!(outcome, whole);
        }
    }
}

/// Breaks off after so many drawn masks.
struct StopDrawing {
    left: u32,
    checkpoint: Option<Checkpoint>,
}

impl Observer for StopDrawing {
    fn on_generation(&mut self, view: &View<'_>) -> ControlFlow<()> {
        self.checkpoint = Some(view.checkpoint());
        ControlFlow::Continue(())
    }

    fn on_draw(&mut self, progress: &DrawProgress) -> ControlFlow<()> {
        assert!(progress.accepted <= progress.wanted);
        if self.left == 0 {
            return ControlFlow::Break(());
        }
        self.left -= 1;
        ControlFlow::Continue(())
    }
}

#[test]
fn a_search_broken_off_in_the_middle_can_simply_be_stepped_on() {
    let problem = Parity::new(30, 20);
    let config = GaConfig::paper_adaptive(8, 10);
    let valid = config.validate().unwrap();
    let mut search = Search::start(&problem, valid.clone(), Seed(1), &mut ()).unwrap();
    let mut undisturbed = Search::start(&problem, valid, Seed(1), &mut ()).unwrap();
    for left in 0..30 {
        let before = search.view().generation();
        search.step(&mut StopDrawing { left: left % 7, checkpoint: None }).unwrap();
        if search.view().generation() == before {
            assert_eq!(search.stop_reason(), Some(StopReason::Interrupted));
            search.step(&mut ()).unwrap();
        }
        assert_eq!(search.stop_reason(), None);
        undisturbed.step(&mut ()).unwrap();
        assert_eq!(search.view().checkpoint(), undisturbed.view().checkpoint());
    }
}

fn checkpoint(problem: &dyn Objective, config: &GaConfig) -> Checkpoint {
    let mut search = Search::start(problem, config.validate().unwrap(), Seed(1), &mut ()).unwrap();
    search.step(&mut ()).unwrap();
    search.view().checkpoint()
}

#[track_caller]
fn check_refused(problem: &dyn Objective, config: &GaConfig, seed: u64, message: &str) {
    let checkpoint = checkpoint(&Parity::new(50, 20), &GaConfig::paper());
    let error = resume(problem, config, Seed(seed), checkpoint, &mut ()).unwrap_err();
    assert_eq!(error.to_string(), format!("the checkpoint was taken with {message}"));
}

#[test]
fn another_search_is_refused_by_the_name_of_what_differs() {
    let (problem, paper) = (Parity::new(50, 20), GaConfig::paper());
    check_refused(&problem, &paper, 2, "seed = 1, not 2");
    check_refused(&Parity::new(51, 20), &paper, 1, "objective.n_bits = 50, not 51");
    check_refused(&Named(Parity::new(50, 20)), &paper, 1, "objective.fingerprint = 50, not 7");
    let config = GaConfig { mutation_rate: 0.2, ..paper.clone() };
    check_refused(&problem, &config, 1, "config.mutation_rate = 0.1, not 0.2");
    let config = GaConfig { bound: GaConfig::paper_adaptive(1, 2).bound, ..paper };
    let bound = r#"{"exponent":1.0,"falls":true,"given":2,"lowest":0.51,"reasonable":1,"start":0.85}"#;
    check_refused(&problem, &config, 1, &format!("config.bound = null, not {bound}"));
}

struct Named(Parity);

impl Objective for Named {
    fn n_bits(&self) -> usize {
        self.0.n_bits()
    }
    fn evaluate(&self, masks: &[&slt_core::BitMask], floor: Option<f64>) -> Vec<slt_core::Score> {
        self.0.evaluate(masks, floor)
    }
    fn fingerprint(&self) -> u64 {
        7
    }
}
