//! Checkpoints with the run that they are of.

use crate::common;
use std::ops::ControlFlow;

use crate::common::small_spec;
use slt_ga::{Checkpoint, View, on_step};
use slt_run::Error;
use slt_run::{Prepared, SearchSpec, read_checkpoint, write_checkpoint};

/// A checkpoint after generation 3.
fn checkpoint(spec: &SearchSpec) -> Checkpoint {
    let prepared = Prepared::new(spec).unwrap();
    let mut observer = on_step(|view: &View<'_>| match view.steps() {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    prepared.search(None, &mut observer).unwrap().view().checkpoint()
}

#[test]
fn a_checkpoint_reads_back_and_goes_on_to_the_same_record() {
    let spec = small_spec(1, 12);
    let checkpoint = checkpoint(&spec);
    let bytes = write_checkpoint(&spec, &checkpoint);
    let read = read_checkpoint(bytes.as_slice(), &spec).unwrap();
    assert_eq!(read, checkpoint);
    let prepared = Prepared::new(&spec).unwrap();
    let resumed = prepared.resume(read).unwrap();
    let outcome = prepared.search(Some(resumed), &mut ()).unwrap().outcome();
    assert_eq!(prepared.record(&outcome.into()).unwrap(), common::compute(&spec));
}

#[test]
fn another_run_is_refused_by_what_differs() {
    let spec = small_spec(1, 12);
    let bytes = write_checkpoint(&spec, &checkpoint(&spec));
    let check = |change: fn(&mut SearchSpec), expected: [&str; 3]| {
        let mut other = spec.clone();
        change(&mut other);
        match read_checkpoint(bytes.as_slice(), &other) {
            Err(Error::OtherRun { field, checkpoint, given }) => {
                assert_eq!([field.as_str(), &checkpoint, &given], expected);
            }
            other => panic!("{expected:?}: {other:?}"),
        }
    };
    check(
        |spec| {
            spec.data =
                slt_datasets::paper::PaperData { classes: Some(3), ..spec.data.paper().unwrap() }.into();
        },
        ["data.classes", "2", "3"],
    );
    check(
        |spec| spec.network.architecture = "64,5,2".parse().unwrap(),
        ["network.architecture[1]", "4", "5"],
    );
    check(|spec| spec.search_seed.0 = 7, ["search_seed", "1", "7"]);
    check(|spec| spec.config.population = 30, ["config.population", "20", "30"]);
    // What follows from another choice is not named before it.
    check(
        |spec| {
            spec.config.population = 30;
            spec.metric = slt_mlp::MetricName::CrossEntropy;
        },
        ["metric", "\"accuracy\"", "\"cross-entropy\""],
    );
}

#[test]
fn what_ends_a_search_may_change() {
    let short = small_spec(1, 12);
    let prepared = Prepared::new(&short).unwrap();
    let ended = prepared.search(None, &mut ()).unwrap().view().checkpoint();
    assert_eq!(ended.steps(), 12);
    let bytes = write_checkpoint(&short, &ended);
    let go_on = |spec: &SearchSpec| {
        let prepared = Prepared::new(spec).unwrap();
        let read = read_checkpoint(bytes.as_slice(), spec).unwrap();
        let outcome = prepared.search(Some(prepared.resume(read)?), &mut ())?.outcome();
        Ok::<_, slt_ga::Error>(prepared.record(&outcome.into()).unwrap())
    };
    // The end that was reached costs nothing.
    assert_eq!(go_on(&short).unwrap(), common::compute(&short));
    // Beyond it, all is as in one go.
    let long = small_spec(1, 30);
    assert_eq!(go_on(&long).unwrap(), common::compute(&long));
    let before = small_spec(1, 7);
    assert!(matches!(go_on(&before), Err(slt_ga::Error::ResumeBeyond { generation: 12, ended: 7, .. })));
}

#[test]
fn damage_is_found() {
    let spec = small_spec(1, 12);
    let bytes = write_checkpoint(&spec, &checkpoint(&spec));
    let read = |bytes: &[u8]| read_checkpoint(bytes, &spec);
    for at in (0..bytes.len()).step_by(61) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(read(&damaged).is_err(), "byte {at}");
        assert!(read(&bytes[..at]).is_err(), "{at} bytes");
    }
    let version = bytes.windows(17).position(|part| part == b"results_version\":").unwrap() + 17;
    let mut newer = bytes.clone();
    newer[version] = b'9';
    assert!(matches!(read(&newer), Err(Error::Version { found: 9, .. })));
    // A line without end is not read.
    assert!(matches!(
        read_checkpoint(std::io::BufReader::new(std::io::repeat(b'x')), &spec),
        Err(Error::NotACheckpoint)
    ));
}
