//! Cells of a table that stand in several rows: in the rows below, an empty one keeps their column.

/// Tables have few such cells at once; of more, the oldest are forgotten.
const MAX_CELLS: usize = 64;
/// More rows than this belong to no cell.
const MAX_ROWS: u16 = 1_000;

/// What reaches into rows that are still to come.
#[derive(Default)]
pub(super) struct Merged {
    cells: Vec<Cell>,
}

struct Cell {
    table: u32,
    column: usize,
    /// Rows that it still reaches into.
    rows: u16,
}

impl Merged {
    /// A cell begins that says in how many rows it stands.
    pub fn begin(&mut self, table: u32, column: usize, rows: &str) {
        let rows = rows.trim().parse().unwrap_or(1).min(MAX_ROWS);
        if rows > 1 {
            self.cells.retain(|cell| cell.rows > 0);
            if self.cells.len() >= MAX_CELLS {
                self.cells.remove(0);
            }
            self.cells.push(Cell { table, column, rows: rows - 1 });
        }
    }

    /// Does a cell from above stand in this column of the next row? It is counted down.
    pub fn takes(&mut self, table: u32, column: usize) -> bool {
        let above = self.cells.iter_mut().find(|cell| cell.table == table && cell.column == column && cell.rows > 0);
        above.map(|cell| cell.rows -= 1).is_some()
    }
}
