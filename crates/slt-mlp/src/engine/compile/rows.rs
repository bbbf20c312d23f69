//! The distinct neurons of a program.

/// Names a row; [`NONE`](Self::NONE) stands for a neuron that is not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowId(u32);

impl RowId {
    pub(super) const NONE: RowId = RowId(u32::MAX);
}

/// A neuron with certain active weights from certain sources.
#[derive(Debug, Clone)]
pub(super) struct RowInfo {
    pub(super) layer: u32,
    pub(super) target: u32,
    /// Number of masks that have it.
    pub(super) uses: u32,
    /// Where its values are kept, once that is settled.
    pub(super) slot: Option<u32>,
    hash: u64,
    /// Its active sources in `Rows::sources`.
    sources: (u32, u32),
}

/// A set of rows. Two neurons are one row if they are the same neuron of the network with the same active sources, and
/// these are the same rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    rows: Vec<RowInfo>,
    /// Active sources: place in the layer before, and its row (the features: none).
    sources: Vec<(u32, RowId)>,
    /// Open addressing; 0 is empty, else a row plus 1.
    table: Vec<u32>,
}

impl Rows {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.sources.clear();
        self.table.fill(0);
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Active weights of all rows.
    pub(super) fn n_edges(&self) -> usize {
        self.sources.len()
    }

    /// Number of rows that several masks have.
    pub(super) fn count_shared(&self) -> usize {
        self.rows.iter().filter(|row| row.uses > 1).count()
    }

    pub(super) fn get(&self, id: RowId) -> &RowInfo {
        &self.rows[id.0 as usize]
    }

    pub(super) fn set_slot(&mut self, id: RowId, slot: u32) {
        self.rows[id.0 as usize].slot = Some(slot);
    }

    pub(super) fn slot(&self, id: RowId) -> u32 {
        self.get(id).slot.expect("a row has a slot before it is used")
    }

    /// The active sources of a row, ascending, with their slots.
    pub(super) fn sources(&self, id: RowId) -> impl Iterator<Item = (usize, u32)> + '_ {
        let (start, end) = self.get(id).sources;
        self.sources[start as usize..end as usize].iter().map(|&(source, row)| {
            let slot = if row == RowId::NONE { source } else { self.slot(row) };
            (source as usize, slot)
        })
    }

    /// The row of a neuron with the active sources `column`. `inputs` are the rows of the layer before, empty for the
    /// features. Without `sharing` it is always a new one.
    pub(super) fn find_or_add(
        &mut self,
        layer: usize,
        target: usize,
        column: &[u64],
        inputs: &[RowId],
        sharing: bool,
    ) -> RowId {
        let start = self.sources.len();
        let mut hash = mix(layer as u64) ^ mix(target as u64 | 1 << 32);
        for (w, &word) in column.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                let source = w * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let row = inputs.get(source).copied().unwrap_or(RowId::NONE);
                self.sources.push((source as u32, row));
                hash = hash.wrapping_add(mix((source as u64) << 32 | u64::from(row.0)));
            }
        }
        if sharing && let Some(found) = self.find(layer, target, hash, start) {
            self.sources.truncate(start);
            self.rows[found].uses += 1;
            return RowId(found as u32);
        }
        let sources = (start as u32, self.sources.len() as u32);
        self.rows.push(RowInfo {
            layer: layer as u32,
            target: target as u32,
            uses: 1,
            slot: None,
            hash,
            sources,
        });
        if sharing {
            self.insert(self.rows.len() - 1);
        }
        RowId(self.rows.len() as u32 - 1)
    }

    /// The row with the sources that were pushed from `start` on.
    fn find(&self, layer: usize, target: usize, hash: u64, start: usize) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let mut place = hash as usize & (self.table.len() - 1);
        while self.table[place] != 0 {
            let found = self.table[place] as usize - 1;
            let row = &self.rows[found];
            let same = row.hash == hash && row.layer as usize == layer && row.target as usize == target;
            if same && self.sources[row.sources.0 as usize..row.sources.1 as usize] == self.sources[start..] {
                return Some(found);
            }
            place = (place + 1) & (self.table.len() - 1);
        }
        None
    }

    fn insert(&mut self, row: usize) {
        if self.table.len() < 2 * self.rows.len() {
            self.table.clear();
            self.table.resize((4 * self.rows.len()).next_power_of_two().max(1024), 0);
            (0..row).for_each(|earlier| self.place(earlier));
        }
        self.place(row);
    }

    fn place(&mut self, row: usize) {
        let mask = self.table.len() - 1;
        let mut place = self.rows[row].hash as usize & mask;
        while self.table[place] != 0 {
            place = (place + 1) & mask;
        }
        self.table[place] = row as u32 + 1;
    }
}

/// Spreads the bits of a small number over a word.
fn mix(x: u64) -> u64 {
    let x = (x ^ x >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^ x >> 29
}
