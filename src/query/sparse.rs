//! Rows of a few cells each, packed one after the other: as many lists would cost more than what is in them.

/// Cells by rows.
pub struct Sparse<T> {
    /// Where each row begins, and where the last one ends.
    starts: Vec<usize>,
    cells: Vec<T>,
}

impl<T: Copy + Default> Sparse<T> {
    /// `count` rows of the cells given with their rows, in the order in which they come.
    pub fn of(count: usize, cells: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = vec![0; count + 1];
        for (row, _) in cells.clone() {
            if let Some(next) = starts.get_mut(row as usize + 1) {
                *next += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut ends = starts.clone();
        let mut packed = vec![T::default(); sum];
        for (row, cell) in cells {
            let Some(end) = ends.get_mut(row as usize) else { continue };
            if let Some(slot) = packed.get_mut(*end) {
                *slot = cell;
            }
            *end += 1;
        }
        Sparse { starts, cells: packed }
    }

    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn row(&self, row: usize) -> &[T] {
        let range = self.starts.get(row).zip(self.starts.get(row + 1)).map(|(start, end)| *start..*end);
        range.and_then(|range| self.cells.get(range)).unwrap_or_default()
    }

    /// Changes the rows one by one; each keeps as many of its first cells as `change` says.
    pub fn shorten(&mut self, mut change: impl FnMut(usize, &mut [T]) -> usize) {
        let (mut start, mut kept) = (0, 0);
        for row in 0..self.count() {
            let end = self.starts.get(row + 1).copied().unwrap_or(start);
            let cells = self.cells.get_mut(start..end).unwrap_or_default();
            let count = change(row, cells).min(cells.len());
            self.cells.copy_within(start..start + count, kept);
            if let Some(start) = self.starts.get_mut(row) {
                *start = kept;
            }
            kept += count;
            start = end;
        }
        if let Some(last) = self.starts.last_mut() {
            *last = kept;
        }
        self.cells.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_in_their_rows_in_the_order_in_which_they_came() {
        let cells = [(2, 'c'), (0, 'a'), (2, 'd'), (9, 'x'), (0, 'b')];
        let mut packed = Sparse::of(4, cells.into_iter().filter(|(row, _)| *row < 4));
        let rows = |packed: &Sparse<char>| (0..5).map(|row| packed.row(row).iter().collect()).collect::<Vec<String>>();
        assert_eq!(rows(&packed), ["ab", "", "cd", "", ""]);
        packed.shorten(|row, cells| {
            cells.reverse();
            if row == 0 { 1 } else { 9 }
        });
        assert_eq!(rows(&packed), ["b", "", "dc", "", ""]);
    }
}
