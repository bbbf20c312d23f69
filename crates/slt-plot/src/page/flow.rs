//! Which row and columns of the grid a panel covers.

use crate::panel::Panel;

/// A panel's place: its row, its first column, and how many columns it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) span: usize,
}

impl Slot {
    /// The last column that the panel covers.
    pub(super) fn last_column(&self) -> usize {
        self.column + self.span - 1
    }
}

/// Fills rows of `columns` from left to right with panels of the given spans, each from 1 to `columns`.
pub(super) fn slots(spans: impl IntoIterator<Item = usize>, columns: usize) -> Vec<Slot> {
    let (mut row, mut column) = (0, 0);
    let place = |span| {
        if column + span > columns {
            row += 1;
            column = 0;
        }
        let slot = Slot { row, column, span };
        column += span;
        slot
    };
    spans.into_iter().map(place).collect()
}

/// Number of rows that the panels fill.
pub(crate) fn rows(panels: &[Panel], columns: usize) -> usize {
    slots(panels.iter().map(|panel| panel.span), columns).last().map_or(0, |slot| slot.row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_that_is_too_wide_for_its_row_begins_the_next() {
        let places: Vec<(usize, usize)> =
            slots([1, 1, 2, 1, 2, 3], 3).iter().map(|slot| (slot.row, slot.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0), (1, 2), (2, 0), (3, 0)]);
    }
}
