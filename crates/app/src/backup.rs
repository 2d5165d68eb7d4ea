//! Copies of everything that cannot be computed again.

use crate::{Actor, App, AppError};
use model::Permission;
use std::path::Path;

impl App {
    /// Copies every database, each consistent at one moment, into a new
    /// folder of the same shape as the data folder. The search index is
    /// derived and is made again after a restore.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::File`], [`AppError::Store`].
    pub fn backup_to(&self, actor: &Actor, folder: &Path) -> Result<(), AppError> {
        actor.require(Permission::EditPeople)?;
        let make = |path: &Path| std::fs::create_dir_all(path).map_err(|error| AppError::file(path, error));
        make(folder)?;
        self.instance().backup_to(&folder.join("instance.db"))?;
        for workspace in self.open_all()? {
            let target = folder.join("workspaces").join(workspace.info().slug.as_str());
            make(&target)?;
            workspace.backup_to(actor, &target.join("workspace.db"))?;
        }
        self.instance().record_access(actor.user, "backup", &serde_json::json!({}), self.now())?;
        Ok(())
    }
}
