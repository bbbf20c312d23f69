use serde::{Deserialize, Deserializer, Serialize, Serializer};
use slt_core::{BitMask, Score};

/// What is known of the performance of a mask.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Known {
    /// It is this.
    Exact(f64),
    /// It is strictly below this.
    Below(f64),
}

impl Known {
    /// What an answer to a question with this floor says. The arena answers `Below` only if there is a floor.
    pub(crate) fn from_score(score: Score, floor: Option<f64>) -> Self {
        match score {
            Score::Exact(performance) => Self::Exact(performance),
            Score::Below => Self::Below(floor.unwrap_or(f64::MAX)),
        }
    }

    /// The answer to a question with this floor, if it follows.
    pub(crate) fn score(self, floor: Option<f64>) -> Option<Score> {
        match (self, floor) {
            (Self::Exact(performance), Some(floor)) if performance < floor => Some(Score::Below),
            (Self::Exact(performance), _) => Some(Score::Exact(performance)),
            (Self::Below(known), Some(floor)) if floor >= known => Some(Score::Below),
            (Self::Below(_), _) => None,
        }
    }
}

/// Ends a chain.
const NONE: u32 = u32::MAX;

/// The evaluated masks that are remembered: a ring, in which the oldest makes room for the newest, with
/// chains of equal hash through it. The keys are the masks themselves, so nothing is ever mistaken.
///
/// A standard map would do but for its allocations: here a mask that makes room leaves its buffer behind.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    capacity: usize,
    slots: Vec<Slot>,
    /// The slot that makes room next, once the ring is full.
    oldest: usize,
    /// The first slot of each chain; a power of two of them.
    chains: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Slot {
    mask: BitMask,
    known: Known,
    hash: u64,
    /// The next slot of the chain.
    next: u32,
}

impl Memory {
    pub(crate) fn new(capacity: usize) -> Self {
        let chains = vec![NONE; (2 * capacity).next_power_of_two()];
        Self { capacity, slots: Vec::new(), oldest: 0, chains }
    }

    /// From here on so many are remembered: at least as many as are there.
    pub(crate) fn set_capacity(&mut self, capacity: usize) {
        if capacity != self.capacity {
            let before = std::mem::replace(self, Self::new(capacity));
            before.entries().for_each(|(mask, known)| self.insert(mask, known));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn get(&self, mask: &BitMask) -> Option<Known> {
        self.find(mask, mask.stable_hash()).map(|slot| self.slots[slot].known)
    }

    /// Remembers what is known of a mask. If it is remembered already, it keeps its age.
    pub(crate) fn insert(&mut self, mask: &BitMask, known: Known) {
        if self.capacity == 0 {
            return;
        }
        let hash = mask.stable_hash();
        if let Some(slot) = self.find(mask, hash) {
            self.slots[slot].known = known;
            return;
        }
        if self.slots.len() < self.capacity {
            self.push(mask.clone(), known, hash);
        } else {
            let slot = self.oldest;
            self.oldest = (slot + 1) % self.capacity;
            self.unlink(slot);
            let place = &mut self.slots[slot];
            place.mask.clone_from(mask);
            (place.known, place.hash) = (known, hash);
            self.link(slot);
        }
    }

    /// Takes a new slot.
    fn push(&mut self, mask: BitMask, known: Known, hash: u64) {
        self.slots.push(Slot { mask, known, hash, next: NONE });
        self.link(self.slots.len() - 1);
    }

    /// Puts a slot in front of its chain.
    fn link(&mut self, slot: usize) {
        let chain = self.chain(self.slots[slot].hash);
        self.slots[slot].next = self.chains[chain];
        self.chains[chain] = slot as u32;
    }

    /// Everything that is remembered, oldest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&BitMask, Known)> {
        let (newer, older) = self.slots.split_at(self.oldest);
        older.iter().chain(newer).map(|slot| (&slot.mask, slot.known))
    }

    fn chain(&self, hash: u64) -> usize {
        hash as usize & (self.chains.len() - 1)
    }

    fn find(&self, mask: &BitMask, hash: u64) -> Option<usize> {
        let mut at = self.chains[self.chain(hash)];
        while let Some(slot) = self.slots.get(at as usize) {
            if slot.hash == hash && slot.mask == *mask {
                return Some(at as usize);
            }
            at = slot.next;
        }
        None
    }

    fn unlink(&mut self, slot: usize) {
        let (hash, next) = (self.slots[slot].hash, self.slots[slot].next);
        let chain = self.chain(hash);
        if self.chains[chain] == slot as u32 {
            self.chains[chain] = next;
            return;
        }
        let mut at = self.chains[chain];
        while at != NONE {
            let link = &mut self.slots[at as usize].next;
            if *link == slot as u32 {
                *link = next;
                return;
            }
            at = *link;
        }
    }
}

impl PartialEq for Memory {
    /// Whether they remember the same in the same order.
    fn eq(&self, other: &Self) -> bool {
        self.entries().eq(other.entries())
    }
}

impl Serialize for Memory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries())
    }
}

impl<'de> Deserialize<'de> for Memory {
    /// A memory that is full. A mask that is there twice stays so: whoever reads a memory has to look.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: Vec<(BitMask, Known)> = Vec::deserialize(deserializer)?;
        let mut memory = Self::new(entries.len());
        for (mask, known) in entries {
            let hash = mask.stable_hash();
            memory.push(mask, known, hash);
        }
        Ok(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    fn mask(number: u64) -> BitMask {
        BitMask::from_words(64, vec![number]).unwrap()
    }

    proptest! {
        /// Against a plain queue, over few masks so that all of them come back again and again.
        #[test]
        fn is_a_queue_with_exact_keys(capacity in 0..9_usize, inserts in prop::collection::vec((0..12_u64, 0..5_u8), 0..200)) {
            let mut memory = Memory::new(capacity);
            let mut queue: VecDeque<(u64, Known)> = VecDeque::new();
            for (key, value) in inserts {
                let known = Known::Exact(value.into());
                memory.insert(&mask(key), known);
                match queue.iter_mut().find(|(k, _)| *k == key) {
                    Some((_, v)) => *v = known,
                    None => queue.push_back((key, known)),
                }
                if queue.len() > capacity {
                    queue.pop_front();
                }
                for key in 0..12 {
                    let expect = queue.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
                    prop_assert_eq!(memory.get(&mask(key)), expect);
                }
                let entries: Vec<_> = memory.entries().map(|(mask, known)| (mask.words()[0], known)).collect();
                prop_assert_eq!(entries, queue.iter().copied().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_follows_from_what() {
        let exact = Known::Exact(0.5);
        assert_eq!(exact.score(None), Some(Score::Exact(0.5)));
        assert_eq!(exact.score(Some(0.5)), Some(Score::Exact(0.5)));
        assert_eq!(exact.score(Some(0.6)), Some(Score::Below));
        let below = Known::Below(0.5);
        assert_eq!(below.score(None), None);
        assert_eq!(below.score(Some(0.4)), None);
        assert_eq!(below.score(Some(0.5)), Some(Score::Below));
        assert_eq!(below.score(Some(0.6)), Some(Score::Below));
    }

    #[test]
    fn an_answer_is_worth_what_was_asked() {
        assert_eq!(Known::from_score(Score::Below, Some(0.5)), Known::Below(0.5));
        assert_eq!(Known::from_score(Score::Exact(0.5), Some(0.5)), Known::Exact(0.5));
    }
}
