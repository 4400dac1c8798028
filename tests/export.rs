//! What is exported is what is in the store, row for row, whoever reads it.

use crate::world::{World, ingested, loudly, root};
use polars::prelude::{DataFrame, ParquetReader, SerReader, Series};
use retrospect::record::TABLES;
use retrospect::store::Store;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fresh folder for what is exported, and a copy of the way to the store that all tests read.
fn export(args: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let shown = target.to_string_lossy().into_owned();
    ingested().retro(&[&["export", "--output", &shown], args].concat()).found();
    (folder, target)
}

fn store() -> Store {
    Store::open(&ingested().path().join(".retro")).unwrap()
}

fn parquet(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}

fn rows(frame: &DataFrame) -> Vec<String> {
    let row = |i| frame.get_row(i).unwrap().0.iter().map(|v| format!("{v:?}|")).collect::<String>();
    (0..frame.height()).map(row).collect()
}

#[test]
fn parquet_is_read_back_equal_row_for_row() {
    let (_folder, out) = export(&[]);
    for table in TABLES {
        let (exported, kept) =
            (parquet(&out.join(format!("{}.parquet", table.name))), store().frame(table.name).unwrap());
        assert_eq!(exported.schema(), kept.schema(), "{}", table.name);
        assert!(exported.equals_missing(&kept), "{}", table.name);
    }
}

#[test]
fn arrow_files_are_read_back_equal_row_for_row() {
    let (_folder, out) = export(&["--format", "arrow"]);
    for table in TABLES {
        let mut file = File::open(out.join(format!("{}.arrow", table.name))).unwrap();
        let metadata = polars_arrow::io::ipc::read::read_file_metadata(&mut file).unwrap();
        let batches = polars_arrow::io::ipc::read::FileReader::new(file, metadata.clone(), None, None);
        let kept = store().frame(table.name).unwrap();
        let mut columns: Vec<Vec<Series>> = vec![Vec::new(); kept.width()];
        for batch in batches {
            for ((column, array), field) in columns.iter_mut().zip(batch.unwrap().arrays()).zip(kept.columns()) {
                column.push(Series::from_arrow(field.name().clone(), array.clone()).unwrap());
            }
        }
        for (parts, own) in columns.into_iter().zip(kept.columns()) {
            let whole = parts.into_iter().reduce(|mut all, part| all.append(&part).unwrap().clone()).unwrap();
            assert_eq!(whole.dtype(), own.dtype(), "{} {}", table.name, own.name());
            assert!(whole.equals_missing(own.as_materialized_series()), "{} {}", table.name, own.name());
        }
    }
}

#[test]
fn quarters_together_are_the_whole() {
    let (_folder, out) = export(&["--partition", "quarter"]);
    for table in TABLES {
        let mut found = BTreeSet::new();
        let mut count = 0;
        for entry in fs::read_dir(out.join(table.name)).unwrap() {
            let folder = entry.unwrap().path();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let frame = parquet(&folder.join("part-0.parquet"));
            if table.name == "incidents" {
                let quarter = name.strip_prefix("quarter=").unwrap();
                let own = frame.column("quarter").unwrap().str().unwrap().clone();
                let is_right = |q: Option<&str>| q.unwrap_or("__HIVE_DEFAULT_PARTITION__") == quarter;
                assert!(own.iter().all(is_right), "{name}");
            }
            count += frame.height();
            found.extend(rows(&frame));
        }
        let kept = rows(&store().frame(table.name).unwrap());
        assert_eq!((count, found), (kept.len(), kept.into_iter().collect()), "{}", table.name);
    }
}

#[test]
fn texts_are_safe_and_complete_and_filters_hold() {
    let world = World::new().file(
        "docs/a.md",
        "# Outage of checkout\n\nDate: 2025-03-04\n\nAll times in UTC.\n\n- 10:00 errors began\n- 11:00 resolved\n\n\
         ## Action items\n\n- [ ] @HYPERLINK(1) is to be removed\n",
    );
    world.retro(&["ingest", "docs"]).found();
    let csv = world.retro(&["export", "--format", "csv"]).found().stdout;
    assert!(csv.contains(",'+00:00,"), "{csv}");
    let actions = world.retro(&["export", "--format", "csv", "--table", "actions"]).found().stdout;
    assert!(actions.contains(",'@HYPERLINK(1)"), "{actions}");
    assert!(csv.contains(",2025-03-04T10:00:00Z,") && csv.contains(",60,"), "{csv}");
    let lines = world.retro(&["export", "--format", "ndjson"]).found().ndjson();
    assert_eq!(lines[0]["zone"], "+00:00");
    assert_eq!(
        (lines[0]["ttr_minutes"].as_i64(), lines[0]["started"].as_str()),
        (Some(60), Some("2025-03-04T10:00:00Z"))
    );
    assert_eq!(world.retro(&["export", "--format", "csv", "after:2026-01-01"]).code, Some(1));
    assert_eq!(world.retro(&["export", "--table", "actions", "--table", "notices"]).code, Some(2));
    // A folder that is there stays, unless it may be replaced.
    world.retro(&["export", "-o", "out", "--format", "csv"]).found();
    let refused = world.retro(&["export", "-o", "out"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("--replace"), "{}", refused.stderr);
    assert!(world.path().join("out/incidents.csv").exists());
    world.retro(&["export", "-o", "out", "--replace"]).found();
    assert!(world.path().join("out/incidents.parquet").exists() && !world.path().join("out/incidents.csv").exists());
}

#[test]
fn quickwit_gets_documents_that_fit_its_configuration() {
    let (_folder, out) = export(&["--format", "quickwit"]);
    let config = fs::read_to_string(out.join("index-config.yaml")).unwrap();
    let fields: BTreeSet<&str> = config.lines().filter_map(|l| l.trim().strip_prefix("- name: ")).collect();
    let documents = fs::read_to_string(out.join("incidents.ndjson")).unwrap();
    assert_eq!(documents.lines().count(), store().manifest().incidents);
    for line in documents.lines() {
        let document: serde_json::Value = serde_json::from_str(line).unwrap();
        for (name, value) in document.as_object().unwrap() {
            assert!(fields.contains(name.as_str()) && !value.is_null(), "{name}");
        }
        assert!(document["body"].as_str().unwrap().len() > 40);
    }
}

/// What other programs read of an export is what `retro export --format ndjson` prints.
#[test]
fn duckdb_spark_pyarrow_and_polars_read_the_same() {
    let (_folder, out) = export(&["--partition", "quarter"]);
    let (_arrow, arrow) = export(&["--format", "arrow"]);
    let (_lines, lines) = export(&["--format", "ndjson"]);
    let files = [out.as_path(), &arrow.join("incidents.arrow"), &lines.join("incidents.ndjson")];
    python("tests/read_export.py", &files);
}

#[test]
fn spark_extracts_what_one_process_extracts() {
    python("examples/spark/extract.py", &[Path::new(env!("CARGO_BIN_EXE_retro")), &root().join("corpus")]);
}

/// Runs a script that exits with 77 where what it needs is not installed.
fn python(script: &str, args: &[&Path]) {
    let output = Command::new("python3").arg(root().join(script)).args(args).env("RETRO_CHECK", "1").output();
    match output {
        Ok(output) if output.status.code() == Some(77) => {
            loudly(&format!("SKIPPED: {script}: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        Ok(output) => assert!(
            output.status.success(),
            "{script}:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => loudly(&format!("SKIPPED: {script}: python3 cannot be started: {error}")),
    }
}

/// `RETRO_WRITE_DOCS=1` writes the columns.
#[test]
fn the_columns_are_documented() {
    let path = root().join("docs/export.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- columns -->\n").unwrap();
    let (written, after) = rest.split_once("<!-- end -->").unwrap();
    let mut columns = String::new();
    for table in TABLES {
        columns.push_str(&format!(
            "### {}: {}\n\n| column | type | meaning |\n|---|---|---|\n",
            table.name, table.meaning
        ));
        for column in table.columns {
            columns.push_str(&format!("| `{}` | {} | {} |\n", column.name, column.kind.name(), column.meaning));
        }
        columns.push('\n');
    }
    if std::env::var_os("RETRO_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{before}<!-- columns -->\n{columns}<!-- end -->{after}")).unwrap();
    } else {
        assert_eq!(written, columns, "run RETRO_WRITE_DOCS=1 cargo test --test it documented");
    }
}
