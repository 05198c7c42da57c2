//! Placeholder so that the workspace resolves.
