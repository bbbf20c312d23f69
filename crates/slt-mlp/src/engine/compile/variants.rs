//! The distinct units of a program.

/// Names a variant; [`NONE`](Self::NONE) stands for a unit that is not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VariantId(u32);

impl VariantId {
    pub(super) const NONE: VariantId = VariantId(u32::MAX);
}

/// A unit with certain active weights from certain sources.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    pub(super) layer: u32,
    pub(super) target: u32,
    /// Number of masks that have it.
    pub(super) uses: u32,
    /// Where its values are kept, once that is settled.
    pub(super) slot: Option<u32>,
    hash: u64,
    /// Its active sources in `Variants::sources`.
    sources: (u32, u32),
}

/// A set of variants. Two units are one variant if they are the same unit of the network with the same active
/// sources, and these are the same variants.
#[derive(Debug, Clone, Default)]
pub(super) struct Variants {
    variants: Vec<Variant>,
    /// Active sources: place in the layer before, and its variant (the features: none).
    sources: Vec<(u32, VariantId)>,
    /// Open addressing; 0 is empty, else a variant plus 1.
    table: Vec<u32>,
}

impl Variants {
    pub(super) fn clear(&mut self) {
        self.variants.clear();
        self.sources.clear();
        self.table.fill(0);
    }

    pub(super) fn len(&self) -> usize {
        self.variants.len()
    }

    /// Active weights of all variants.
    pub(super) fn n_edges(&self) -> usize {
        self.sources.len()
    }

    /// Number of variants that several masks have.
    pub(super) fn count_shared(&self) -> usize {
        self.variants.iter().filter(|variant| variant.uses > 1).count()
    }

    pub(super) fn get(&self, id: VariantId) -> &Variant {
        &self.variants[id.0 as usize]
    }

    pub(super) fn set_slot(&mut self, id: VariantId, slot: u32) {
        self.variants[id.0 as usize].slot = Some(slot);
    }

    pub(super) fn slot(&self, id: VariantId) -> u32 {
        self.get(id).slot.expect("a variant has a slot before it is used")
    }

    /// The active sources of a variant, ascending, with their slots.
    pub(super) fn sources(&self, id: VariantId) -> impl Iterator<Item = (usize, u32)> + '_ {
        let (start, end) = self.get(id).sources;
        self.sources[start as usize..end as usize].iter().map(|&(source, variant)| {
            let slot = if variant == VariantId::NONE { source } else { self.slot(variant) };
            (source as usize, slot)
        })
    }

    /// The variant of a unit with the active sources `column`. `inputs` are the variants of the layer before,
    /// empty for the features. Without `sharing` it is always a new one.
    pub(super) fn find_or_add(
        &mut self,
        layer: usize,
        target: usize,
        column: &[u64],
        inputs: &[VariantId],
        sharing: bool,
    ) -> VariantId {
        let start = self.sources.len();
        let mut hash = mix(layer as u64) ^ mix(target as u64 | 1 << 32);
        for (w, &word) in column.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                let source = w * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let variant = inputs.get(source).copied().unwrap_or(VariantId::NONE);
                self.sources.push((source as u32, variant));
                hash = hash.wrapping_add(mix((source as u64) << 32 | u64::from(variant.0)));
            }
        }
        if sharing && let Some(found) = self.find(layer, target, hash, start) {
            self.sources.truncate(start);
            self.variants[found].uses += 1;
            return VariantId(found as u32);
        }
        let sources = (start as u32, self.sources.len() as u32);
        self.variants.push(Variant {
            layer: layer as u32,
            target: target as u32,
            uses: 1,
            slot: None,
            hash,
            sources,
        });
        if sharing {
            self.insert(self.variants.len() - 1);
        }
        VariantId(self.variants.len() as u32 - 1)
    }

    /// The variant with the sources that were pushed from `start` on.
    fn find(&self, layer: usize, target: usize, hash: u64, start: usize) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let mut place = hash as usize & (self.table.len() - 1);
        while self.table[place] != 0 {
            let found = self.table[place] as usize - 1;
            let variant = &self.variants[found];
            let same =
                variant.hash == hash && variant.layer as usize == layer && variant.target as usize == target;
            if same
                && self.sources[variant.sources.0 as usize..variant.sources.1 as usize]
                    == self.sources[start..]
            {
                return Some(found);
            }
            place = (place + 1) & (self.table.len() - 1);
        }
        None
    }

    fn insert(&mut self, variant: usize) {
        if self.table.len() < 2 * self.variants.len() {
            self.table.clear();
            self.table.resize((4 * self.variants.len()).next_power_of_two().max(1024), 0);
            (0..variant).for_each(|earlier| self.place(earlier));
        }
        self.place(variant);
    }

    fn place(&mut self, variant: usize) {
        let mask = self.table.len() - 1;
        let mut place = self.variants[variant].hash as usize & mask;
        while self.table[place] != 0 {
            place = (place + 1) & mask;
        }
        self.table[place] = variant as u32 + 1;
    }
}

/// Spreads the bits of a small number over a word.
fn mix(x: u64) -> u64 {
    let x = (x ^ x >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^ x >> 29
}
