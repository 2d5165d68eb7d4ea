//! The table twin of a chart.

/// A cell: text in local form, and where the posts behind it are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Address of the posts behind the figure, within this site.
    pub href: Option<String>,
    /// True for figures, which stand to the right.
    pub is_number: bool,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, is_number: false }
    }

    /// A figure in local form.
    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, is_number: true }
    }

    /// The same with the address of the posts behind it.
    #[must_use]
    pub fn linked(self, href: Option<&str>) -> Self {
        Self { href: href.map(str::to_owned), ..self }
    }
}

/// Rows under headings; the first cell of each row names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataTable {
    /// Headings; true for columns of figures.
    pub columns: Vec<(String, bool)>,
    /// Rows of as many cells as there are headings.
    pub rows: Vec<Vec<Cell>>,
}
