//! How much is run.

use slt_paper::{Error, Plan, Scale};

#[test]
fn plans_have_runs() {
    assert_eq!(Plan::new(Scale::Paper, None).unwrap().runs, 25);
    assert_eq!(Plan::new(Scale::Smoke, Some(7)).unwrap().runs, 7);
    for runs in [0, Plan::MAX_RUNS + 1, u64::MAX] {
        assert!(matches!(Plan::new(Scale::Quick, Some(runs)), Err(Error::Runs { .. })));
    }
}
