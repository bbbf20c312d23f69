//! Buffers for work that several threads do at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The buffers that nobody is using. There come to be as many as are used at once.
#[derive(Debug)]
pub(super) struct Pool<T> {
    /// In boxes, because they are taken and given back all the time.
    free: Mutex<Vec<Box<T>>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { free: Mutex::default() }
    }
}

/// Buffers hold nothing that cannot be made again.
impl<T> Clone for Pool<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> Pool<T> {
    /// The buffer that was given back last, or a new one.
    pub(super) fn take(&self, make: impl FnOnce() -> T) -> Box<T> {
        let last = self.lock().pop();
        last.unwrap_or_else(|| Box::new(make()))
    }

    /// Gives a buffer back.
    pub(super) fn give(&self, buffer: Box<T>) {
        self.lock().push(buffer);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Box<T>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of them, while nobody is using any.
    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut T> {
        self.free.get_mut().unwrap_or_else(PoisonError::into_inner).iter_mut().map(Box::as_mut)
    }
}
