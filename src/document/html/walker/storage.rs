//! Pages as Confluence keeps them: HTML with elements of its own for macros, tasks and their states.

use super::super::tokens::attribute;
use super::super::without_references;
use super::{Frame, ITEM, LIST, Open, Skip, Walker};
use crate::domain::Span;

/// What is open of these elements.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Storage {
    /// The macro that was opened last stands in a line, as a state does; others are blocks.
    is_in_line: bool,
    /// The text at hand tells whether a task is done.
    is_task_state: bool,
}

impl Walker<'_, '_> {
    /// Opens one of these elements, whose name is cut as [`Walker::lower`] cuts it.
    pub(super) fn open_storage(&mut self, name: &str, attributes: &Span) {
        let is_closed = self.view.text.get(attributes.clone()).is_some_and(|a| a.ends_with('/'));
        let named = |wanted: &str| attribute(self.view.text, attributes, "ac:name").is_some_and(|(n, _)| n == wanted);
        match name {
            "ac:structured-ma" | "ac:macro" => {
                self.storage.is_in_line = named("status");
                if !self.storage.is_in_line {
                    self.boundary();
                }
            }
            "ac:parameter" if named("title") && !self.storage.is_in_line => self.boundary(),
            "ac:parameter" if named("title") => {}
            "ac:parameter" | "ac:task-id" | "ac:task-uuid" if !is_closed => {
                self.skip = Some(Skip { name: name.to_owned(), depth: 0 });
            }
            "ac:task-list" => self.container(LIST),
            "ac:task" => self.open_item(),
            "ac:task-status" => self.storage.is_task_state = !is_closed,
            _ => {}
        }
    }

    pub(super) fn close_storage(&mut self, name: &str) {
        match name {
            "ac:parameter" | "ac:rich-text-bod" | "ac:structured-ma" if !self.storage.is_in_line => self.boundary(),
            "ac:structured-ma" => self.storage.is_in_line = false,
            "ac:task-list" => self.close(LIST),
            "ac:task" => self.close(ITEM),
            "ac:task-status" => self.storage.is_task_state = false,
            _ => {}
        }
    }

    /// Takes a text that is no words: the state of a task.
    pub(super) fn takes_state(&mut self, range: &Span) -> bool {
        if self.storage.is_task_state
            && let Some(Open { frame: Frame::Item { checked, .. }, .. }) = self.stack.last_mut()
        {
            *checked = Some(self.view.text.get(range.clone()).is_some_and(|t| t.trim() == "complete"));
        }
        self.storage.is_task_state
    }

    /// `<li class="checked">`: an export's way to tell that a task is done.
    pub(super) fn ticked_by_class(&mut self, attributes: &Span) {
        let classes = attribute(self.view.text, attributes, "class").map_or("", |(value, _)| value);
        let told = classes.split_ascii_whitespace().find_map(|class| match class {
            "checked" => Some(true),
            "unchecked" => Some(false),
            _ => None,
        });
        if let (Some(told), Some(Open { frame: Frame::Item { checked, .. }, .. })) = (told, self.stack.last_mut()) {
            *checked = Some(told);
        }
    }

    /// `<time datetime="2024-05-03" />`: a time without words is shown as the page keeps it.
    pub(super) fn bare_time(&mut self, attributes: &Span) {
        let is_closed = self.view.text.get(attributes.clone()).is_some_and(|a| a.trim_end().ends_with('/'));
        if let Some((value, span)) = attribute(self.view.text, attributes, "datetime").filter(|_| is_closed) {
            self.inline.decoded(&without_references(value), &self.view.source(&span));
        }
    }

    /// One of these elements?
    pub(super) fn is_storage(name: &str) -> bool {
        name.starts_with("ac:")
    }
}
