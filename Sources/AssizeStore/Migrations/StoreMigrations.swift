internal import GRDB

/// The schema, as the steps that led to it.
///
/// A step that has been released is never edited: a later one changes what it made. Records and Swift types stay out of
/// the steps, so that they do the same for ever.
enum StoreMigrations {
    /// Marks the file as a run store in SQLite's header: "ASZE".
    static let applicationID: Int32 = 0x4153_5A45

    /// Every step in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs and answers", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try createRuns(db)
            try createJudgments(db)
            try createAnswers(db)
        }
        return migrator
    }

    private static func createRuns(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE runs (
                    number INTEGER PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    created TEXT NOT NULL,
                    finished TEXT,
                    state TEXT NOT NULL,
                    recipe TEXT NOT NULL,
                    model TEXT NOT NULL,
                    fingerprint TEXT NOT NULL,
                    configuration TEXT NOT NULL,
                    judge TEXT NOT NULL,
                    input_path TEXT NOT NULL,
                    items INTEGER NOT NULL,
                    seed INTEGER NOT NULL
                );
                CREATE INDEX runs_by_created ON runs (created);
                CREATE INDEX runs_by_fingerprint ON runs (fingerprint);
                """
        )
    }

    /// The runs' numbers stand for their names here: every byte of a key is written three times a judgment.
    ///
    /// A table with rowids, since rows are fat: without them a row lies in the primary key's own tree, and counting
    /// what is done reads all the rationales. `row` comes last, so that the other columns are read without it.
    private static func createJudgments(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE judgments (
                    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
                    ordinal INTEGER NOT NULL,
                    criterion INTEGER NOT NULL,
                    item_id TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    row TEXT NOT NULL,
                    PRIMARY KEY (run, ordinal, criterion),
                    UNIQUE (run, item_id, criterion)
                );
                CREATE INDEX judgments_by_kind ON judgments (run, kind);
                CREATE TABLE broken_rows (
                    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
                    file TEXT NOT NULL,
                    line INTEGER NOT NULL,
                    reason TEXT NOT NULL,
                    PRIMARY KEY (run, file, line)
                ) WITHOUT ROWID;
                """
        )
    }

    /// With rowids too, since keys are hashes: without them every answer goes to a random leaf of one fat tree.
    ///
    /// 400,000 answers went in at a third of the rate.
    private static func createAnswers(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE answers (
                    key BLOB NOT NULL PRIMARY KEY,
                    model TEXT NOT NULL,
                    created TEXT NOT NULL,
                    answer TEXT NOT NULL
                );
                """
        )
    }
}
