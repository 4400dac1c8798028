//! Opening the store for a verb, and telling its errors with what can be done.

use super::{Settings, configured, hinted};
use crate::record::Record;
use crate::store::{Store, StoreError};
use anyhow::anyhow;

/// The generation that counts.
pub fn open(settings: &Settings) -> anyhow::Result<Store> {
    let store = Store::open(&settings.store).map_err(told)?;
    configured::tell(settings);
    Ok(store)
}

/// The error with its hint.
pub fn told(error: StoreError) -> anyhow::Error {
    match error.hint() {
        Some(hint) => hinted(error, hint),
        None => error.into(),
    }
}

/// The record of this id, or of the only id that begins so.
pub fn record(store: &Store, id: &str) -> anyhow::Result<Record> {
    if let Some(found) = store.record(id).map_err(told)? {
        return Ok(found);
    }
    let near = store.ids_like(id).map_err(told)?;
    if let [only] = near.as_slice()
        && only.to_lowercase().starts_with(&id.to_lowercase())
        && let Some(found) = store.record(only).map_err(told)?
    {
        return Ok(found);
    }
    let error = anyhow!("there is no incident '{id}'");
    Err(match near.is_empty() {
        true => hinted(error, "'retro list' shows the ids"),
        false => hinted(error, format!("did you mean {}?", near.join(", "))),
    })
}
