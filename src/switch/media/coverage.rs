//! Which octets of a message have come: chunks may overlap and change places (RFC 4975, 7.3.1).

/// Most separate ranges of a message that may have arrived with gaps between them.
pub(super) const MOST_RANGES: usize = 64;

/// Which octets of a message have come.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// Disjoint, in order: first and one past the last.
    ranges: Vec<(u64, u64)>,
}

impl Coverage {
    /// Adds a range; whether the number of separate ranges is still within its bound.
    pub(super) fn add(&mut self, start: u64, length: u64) -> bool {
        if length > 0 {
            let (mut from, mut to) = (start, start.saturating_add(length));
            self.ranges.retain(|&(first, past)| {
                let apart = past < from || first > to;
                if !apart {
                    from = from.min(first);
                    to = to.max(past);
                }
                apart
            });
            self.ranges.push((from, to));
            self.ranges.sort_unstable();
        }
        self.ranges.len() <= MOST_RANGES
    }

    /// Whether a message of this length is complete.
    pub(super) fn is_whole(&self, total: u64) -> bool {
        total == 0 || self.contiguous() >= total
    }

    /// How many octets from the first one on are there without a gap.
    pub(super) fn contiguous(&self) -> u64 {
        self.ranges.first().filter(|(first, _)| *first == 1).map_or(0, |(_, past)| past - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Coverage;

    #[test]
    fn ranges_grow_together() {
        let mut coverage = Coverage::default();
        coverage.add(11, 10);
        assert_eq!(coverage.contiguous(), 0);
        coverage.add(31, 5);
        coverage.add(1, 10);
        assert_eq!(coverage.contiguous(), 20);
        assert!(!coverage.is_whole(35));
        coverage.add(15, 16);
        assert!(coverage.is_whole(35));
        assert_eq!(coverage.ranges, [(1, 36)]);
    }
}
