//! Figure 1: which connections of one network recur in the tickets of many searches, and one of the tickets.

use serde::Serialize;
use slt_core::Seed;
use slt_plot::{Color, Edge, EdgeClass, Figure as Drawing, NetworkGraph, Panel};

use super::common::{fittest, json, note, percent, scale_words, ticket_kind};
use super::{Figure, Rendered};
use crate::analyses::searches_of_one_network;
use crate::arm::any;
use crate::{Error, Plan, Protocol, Scale, Table};
use slt_run::{Records, SearchRecord};

pub(super) const FIGURE: Figure = Figure {
    id: "fig1",
    title: "Connections that recur in the tickets of one network",
    caption: "The tickets of one fixed network on moons from 25 searches with different seeds: connections that are in at \
             least 80 % of them, and the active connections of one ticket.",
    in_paper: true,
    runs: |plan, _| Ok(any(searches_of_one_network(plan)?).collect()),
    render,
};

/// The share of the tickets from which on a connection counts as recurring.
const RECURRING: f64 = 0.8;

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    scale: Scale,
    /// Neurons of each layer.
    layers: Vec<usize>,
    network_seed: Seed,
    tickets: usize,
    /// The protocol by which the drawn tickets are chosen.
    drawn: Protocol,
    threshold: f64,
    recurring: usize,
    /// How many connections would recur, on average, if each ticket drew as many connections at random.
    recurring_by_chance: f64,
    /// The ticket beside the network: the one with the highest training accuracy.
    ticket: Ticket,
    connections: Vec<Connection>,
}

/// The ticket that is drawn.
#[derive(Debug, Serialize)]
struct Ticket {
    search_seed: Seed,
    active: usize,
    sparsity: f64,
    train_accuracy: f64,
    test_accuracy: f64,
}

/// A connection of the network.
#[derive(Debug, Serialize)]
struct Connection {
    #[serde(flatten)]
    edge: Edge,
    /// Share of the tickets that have it.
    share: f64,
    /// The same where the reported individuals are chosen on test data.
    share_if_chosen_on_test_data: f64,
    recurring: bool,
    in_ticket: bool,
}

impl Data {
    fn of(plan: &Plan, records: &[&SearchRecord]) -> Result<Self, Error> {
        let drawn = Protocol::Clean;
        let best = fittest(records)?;
        let network = &best.spec.network;
        let ticket = drawn.chosen(best);
        let share = |protocol: Protocol, bit: usize| {
            let having = records.iter().filter(|record| protocol.chosen(record).mask.get(bit));
            having.count() as f64 / records.len() as f64
        };
        let connections: Vec<Connection> = edges(network.architecture.sizes())
            .enumerate()
            .map(|(bit, edge)| Connection {
                edge,
                share: share(drawn, bit),
                share_if_chosen_on_test_data: share(Protocol::Paper, bit),
                recurring: share(drawn, bit) >= RECURRING,
                in_ticket: ticket.mask.get(bit),
            })
            .collect();
        let densities: Vec<f64> = records.iter().map(|record| 1.0 - drawn.chosen(record).sparsity).collect();
        Ok(Self {
            scale: plan.scale,
            layers: network.architecture.sizes().to_vec(),
            network_seed: network.seed,
            tickets: records.len(),
            drawn,
            threshold: RECURRING,
            recurring: connections.iter().filter(|connection| connection.recurring).count(),
            recurring_by_chance: connections.len() as f64 * recurs_by_chance(&densities),
            ticket: Ticket {
                search_seed: best.spec.search_seed,
                active: ticket.mask.count_ones(),
                sparsity: ticket.sparsity,
                train_accuracy: ticket.train_accuracy,
                test_accuracy: ticket.test_accuracy,
            },
            connections,
        })
    }
}

/// The connections in the order of the bits of a mask.
fn edges(layers: &[usize]) -> impl Iterator<Item = Edge> {
    layers.windows(2).enumerate().flat_map(|(layer, pair)| {
        let (sources, targets) = (pair[0], pair[1]);
        (0..sources).flat_map(move |from| (0..targets).map(move |to| Edge { layer, from, to }))
    })
}

/// The probability that a connection recurs if every ticket has it with the probability of its density: the
/// upper tail of the Poisson-binomial distribution.
fn recurs_by_chance(densities: &[f64]) -> f64 {
    let mut distribution = vec![1.0];
    for density in densities {
        let mut next = vec![0.0; distribution.len() + 1];
        for (count, probability) in distribution.into_iter().enumerate() {
            next[count] += probability * (1.0 - density);
            next[count + 1] += probability * density;
        }
        distribution = next;
    }
    let recurs = |count: usize| count as f64 / densities.len() as f64 >= RECURRING;
    distribution.into_iter().enumerate().filter(|(count, _)| recurs(*count)).map(|(_, p)| p).sum()
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let data = Data::of(plan, &records.need_all(&searches_of_one_network(plan)?)?)?;
    Ok(Rendered {
        drawing: draw(plan, &data),
        table: tabulate(&data),
        summary: format!(
            "{} of {} connections are in at least {:.0} % of {} tickets (by chance it would be {:.1}); the ticket beside \
             them: search seed {}, {} connections, {} % test accuracy",
            data.recurring,
            data.connections.len(),
            100.0 * data.threshold,
            data.tickets,
            data.recurring_by_chance,
            data.ticket.search_seed,
            data.ticket.active,
            percent(data.ticket.test_accuracy),
        ),
        json: json(&data),
    })
}

fn draw(plan: &Plan, data: &Data) -> Drawing {
    let network = graph(data, |_| true);
    let ticket = graph(data, |connection| connection.in_ticket);
    let panels = vec![
        Panel::bare()
            .title(format!("All {} connections of the network", data.connections.len()))
            .mark(network),
        Panel::bare().title(format!("The {} connections of one ticket", data.ticket.active)).mark(ticket),
    ];
    let note = note([
        format!(
            "{} tickets of one network (seed {}) from searches with different seeds, {}, protocol {}",
            data.tickets,
            data.network_seed,
            scale_words(plan),
            data.drawn
        ),
        format!(
            "{} connections are in at least {:.0} % of the tickets; if each ticket had as many connections at random, {:.1} \
             would be. Number of tickets, threshold and the fixed network are ours: the paper does not give them.",
            data.recurring,
            100.0 * data.threshold,
            data.recurring_by_chance
        ),
    ]);
    Drawing::double_column(panels)
        .frame_height_mm(78.0)
        .lettered()
        .shared_legend()
        .note(note)
        .description(format!(
            "The connections of a network (a), those in at least {:.0} % of {} tickets in thick vermilion, the others in blue, \
             thicker the more tickets have them; the {} connections of one of the tickets (b).",
            100.0 * data.threshold,
            data.tickets,
            data.ticket.active
        ))
}

/// The kinds of connections that do not recur: the share of the tickets up to which one reaches, colour and
/// width.
const RARE: [(f64, Color, f64); 3] =
    [(0.4, Color::Series(5), 0.4), (0.6, Color::Series(0), 0.5), (RECURRING, Color::Series(0), 1.0)];

fn graph(data: &Data, shown: impl Fn(&Connection) -> bool) -> NetworkGraph {
    let class = |from: f64, to: f64| {
        let own = data.connections.iter().filter(|connection| (from..to).contains(&connection.share));
        EdgeClass::new(own.filter(|connection| shown(connection)).map(|connection| connection.edge))
    };
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let mut from = 0.0;
    let mut graph =
        NetworkGraph::new(data.layers.iter().copied()).layer_labels((0..data.layers.len()).map(|layer| {
            match layer {
                0 => "inputs",
                layer if layer + 1 == data.layers.len() => "outputs",
                _ => "hidden",
            }
        }));
    for (to, color, width) in RARE {
        let label = match from {
            0.0 => format!("in less than {} of the tickets", percent(to)),
            _ => format!("{} to {}", percent(from), percent(to)),
        };
        graph = graph.class(class(from, to).label(label).color(color).width(width));
        from = to;
    }
    let label = format!("at least {}", percent(RECURRING));
    graph.class(class(RECURRING, f64::INFINITY).label(label).color(Color::Series(4)).width(1.7))
}

fn tabulate(data: &Data) -> Table {
    let mut table = Table::new([
        "layer",
        "from",
        "to",
        "runs",
        "ticket",
        "share_clean",
        "share_paper",
        "recurring",
        "in_ticket",
    ]);
    for connection in &data.connections {
        let Edge { layer, from, to } = connection.edge;
        let place = [layer, from, to].map(|index| (index as u64).into());
        let of = [(data.tickets as u64).into(), ticket_kind(false, data.drawn).into()];
        let shares = [connection.share, connection.share_if_chosen_on_test_data].map(Into::into);
        let marks = [connection.recurring, connection.in_ticket].map(Into::into);
        table.push(place.into_iter().chain(of).chain(shares).chain(marks));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_in_bit_order() {
        let edges: Vec<Edge> = edges(&[2, 3, 2]).collect();
        assert_eq!(edges.len(), 12);
        assert_eq!(edges[4], Edge { layer: 0, from: 1, to: 1 });
        assert_eq!(edges[6], Edge { layer: 1, from: 0, to: 0 });
        assert_eq!(edges[9], Edge { layer: 1, from: 1, to: 1 });
    }

    /// By hand: of five tickets at least four, and of densities 0, 1 and others.
    #[test]
    fn chance_is_the_tail_of_the_binomial() {
        assert!((recurs_by_chance(&[0.5; 5]) - 6.0 / 32.0).abs() < 1e-12);
        assert!((recurs_by_chance(&[1.0, 1.0, 1.0, 0.25, 0.5]) - (1.0 - 0.75 * 0.5)).abs() < 1e-12);
        assert_eq!(recurs_by_chance(&[0.0; 3]), 0.0);
    }
}
