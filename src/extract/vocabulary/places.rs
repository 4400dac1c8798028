//! How reports name what was affected and where (`places.toml`).

use super::cues::Cues;

lists! {
    /// Lists of words about products and places, one purpose each.
    Places = places;
    /// Names of regions.
    names;
    /// What a region is called, right behind its name.
    kinds;
    /// What leads to the name of a place.
    before;
    /// Who or what was hit there.
    hit;
    /// Between two names of a list.
    joints;
    /// Keys of values that name products.
    service_keys;
    /// Keys of values that name regions.
    region_keys;
    /// Members of a feed's objects that name products.
    feed_service_keys;
    /// Members of a feed's objects that name regions.
    feed_region_keys;
}

/// The shipped words.
pub fn places() -> &'static Places {
    &SHIPPED
}
