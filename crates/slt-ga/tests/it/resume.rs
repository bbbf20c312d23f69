//! A checkpoint of any generation leads to the same end.

use std::ops::ControlFlow;

use crate::common::{Parity, config};
use proptest::prelude::*;
use slt_core::Seed;
use slt_ga::{
    Checkpoint, Error, GaConfig, GeneticAlgorithm, Observer, Outcome, Pulse, StopReason, View, on_step,
    resume, run, start, start_from,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_generation_leads_to_the_same_outcome(config in config(), seed: u64, n_bits in 5..80_usize) {
        let problem = Parity::new(n_bits, 20);
        let mut checkpoints = Vec::new();
        let mut save = on_step(|view: &View<'_>| {
            checkpoints.push(view.checkpoint().to_bytes());
            ControlFlow::Continue(())
        });
        let whole = run(&problem, &config, Seed(seed), &mut save).unwrap();
        prop_assert_eq!(checkpoints.len() as u64, whole.generations + 1);
        for (generation, bytes) in (0..).zip(&checkpoints) {
            let checkpoint = Checkpoint::from_bytes(bytes).unwrap();
            prop_assert_eq!((checkpoint.steps(), checkpoint.state().generation()), (generation, generation));
            prop_assert_eq!(&checkpoint.to_bytes(), bytes);
            let mut generations = Vec::new();
            let mut note = on_step(|view: &View<'_>| {
                generations.push(view.steps());
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
        let mut search = start(&problem, &short, Seed(seed), &mut ()).unwrap();
        while search.stop_reason().is_none() {
            search.step(&mut ()).unwrap();
        }
        let checkpoint = search.view().checkpoint();
        prop_assert_eq!(checkpoint.steps(), cap);
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
            prop_assert_eq!(checkpoint.state().population(), &outcome.population);
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

impl Observer<GeneticAlgorithm> for StopDrawing {
    fn on_step(&mut self, view: &View<'_>) -> ControlFlow<()> {
        self.checkpoint = Some(view.checkpoint());
        ControlFlow::Continue(())
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        assert!(pulse.done <= pulse.wanted);
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
    let mut search = start(&problem, &config, Seed(1), &mut ()).unwrap();
    let mut undisturbed = start(&problem, &config, Seed(1), &mut ()).unwrap();
    for left in 0..30 {
        let before = search.view().steps();
        search.step(&mut StopDrawing { left: left % 7, checkpoint: None }).unwrap();
        if search.view().steps() == before {
            assert_eq!(search.stop_reason(), Some(StopReason::Interrupted));
            search.step(&mut ()).unwrap();
        }
        assert_eq!(search.stop_reason(), None);
        undisturbed.step(&mut ()).unwrap();
        assert_eq!(search.view().checkpoint(), undisturbed.view().checkpoint());
    }
}

#[test]
fn another_configuration_is_refused_by_the_name_of_what_differs() {
    let (problem, paper) = (Parity::new(50, 20), GaConfig::paper());
    let mut search = start(&problem, &paper, Seed(1), &mut ()).unwrap();
    search.step(&mut ()).unwrap();
    let checkpoint = search.view().checkpoint();
    let check = |config: &GaConfig, message: &str| {
        let error = start_from(&problem, config, Seed(1), checkpoint.clone()).unwrap_err();
        assert_eq!(error.to_string(), format!("the checkpoint was taken with {message}"));
    };
    let config = GaConfig { mutation_rate: 0.2, ..paper.clone() };
    check(&config, "config.mutation_rate = 0.1, not 0.2");
    let config = GaConfig { bound: GaConfig::paper_adaptive(1, 2).bound, ..paper };
    let bound = r#"{"exponent":1.0,"falls":true,"given":2,"lowest":0.51,"reasonable":1,"start":0.85}"#;
    check(&config, &format!("config.bound = null, not {bound}"));
}

/// A step of a search from a checkpoint is the same step, memory and all.
#[test]
fn a_search_killed_after_every_generation() {
    let problem = Parity::new(30, 20);
    let config = GaConfig { memory: 50, ..GaConfig::paper_adaptive(8, 10) };
    let mut whole = start(&problem, &config, Seed(1), &mut ()).unwrap();
    let mut bytes = whole.view().checkpoint().to_bytes();
    while whole.stop_reason().is_none() {
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
        let mut part = start_from(&problem, &config, Seed(1), checkpoint).unwrap();
        part.step(&mut ()).unwrap();
        whole.step(&mut ()).unwrap();
        bytes = part.view().checkpoint().to_bytes();
        assert!(bytes == whole.view().checkpoint().to_bytes(), "generation {}", whole.view().steps());
    }
    assert_eq!(Outcome::from(whole.outcome()), run(&problem, &config, Seed(1), &mut ()).unwrap());
}
