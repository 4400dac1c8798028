//! Statistics and reports on the shipped corpus: consistent with each other, the same bytes everywhere, and honest.

use crate::world::{World, corpus, ingested, retro};
use serde_json::Value;

fn json(args: &[&str]) -> Value {
    let answer = ingested().retro(args);
    assert_eq!(answer.code, Some(0), "{}", answer.all());
    serde_json::from_str(&answer.stdout).expect("JSON")
}

fn number(row: &Value, column: &str) -> f64 {
    row[column].as_f64().unwrap_or_else(|| panic!("no number {column} in {row}"))
}

#[test]
fn known_and_missing_add_up() {
    let all = json(&["query", "SELECT COUNT(*) AS n FROM incidents WHERE same_as IS NULL", "--format", "json"]);
    let incidents = number(&all["rows"][0], "n");
    let stats = json(&["stats", "--format", "json"]);
    for row in stats["rows"].as_array().unwrap() {
        assert_eq!(number(row, "n") + number(row, "missing"), incidents, "{row}");
    }
    let groups = json(&["stats", "ttr", "--period", "quarter", "--format", "json"]);
    let rows = groups["rows"].as_array().unwrap();
    let total: f64 = rows.iter().map(|r| number(r, "n") + number(r, "missing")).sum();
    assert_eq!(total, incidents, "quarters and the undated are everything");
}

/// The statistics against the plainest computation from the table they come from.
#[test]
fn the_median_is_the_middle_of_the_table() {
    let counted = "SELECT ttr_minutes FROM incidents WHERE same_as IS NULL AND ttr_minutes >= 0";
    let table = json(&["query", counted, "--format", "json"]);
    let mut minutes: Vec<f64> = table["rows"].as_array().unwrap().iter().map(|r| number(r, "ttr_minutes")).collect();
    minutes.sort_by(f64::total_cmp);
    let n = minutes.len();
    let median = f64::midpoint(minutes[(n - 1) / 2], minutes[n / 2]);
    let stats = json(&["stats", "ttr", "--format", "json"]);
    let row = &stats["rows"][0];
    assert_eq!((number(row, "n") as usize, number(row, "median_minutes")), (n, median));
    let mean = minutes.iter().sum::<f64>() / n as f64;
    assert!((number(row, "mean_minutes") - mean).abs() <= 0.05);
    assert_eq!(number(row, "max_minutes"), minutes[n - 1]);
    assert!(number(row, "median_low_minutes") <= median && median <= number(row, "median_high_minutes"));
}

/// A script reads what a sentence tells people: estimate, interval and p, and the verdict of the sentence.
#[test]
fn what_was_tested_is_told_in_numbers_too() {
    let verdict = |answer: &Value, nth: usize| {
        let note = answer["notes"][nth].as_str().unwrap().to_owned();
        (answer["tests"][nth]["is_shown"].as_bool().unwrap(), !note.contains("no trend shown"), note)
    };
    let trend = json(&["trend", "ttr", "--format", "json"]);
    for nth in 0..2 {
        let (is_shown, is_told, note) = verdict(&trend, nth);
        assert_eq!(is_shown, is_told, "{note}");
        let test = &trend["tests"][nth];
        assert!(note.contains(&format!("p = {:.3}", number(test, "p"))), "{note}: {test}");
        let estimate = number(test, "slope");
        assert!(number(test, "slope_low") <= estimate && estimate <= number(test, "slope_high"), "{test}");
    }
    let change = json(&["stats", "ttr", "--compare", "previous", "--format", "json"]);
    let ratio = format!("ratio of rates {:.2}", number(&change["tests"][0], "rate_ratio"));
    assert!(change["notes"][0].as_str().unwrap().contains(&ratio), "{change}");
    assert!(json(&["stats", "ttr", "--format", "json"]).get("tests").is_none());
}

/// Same store, same command, same bytes: whatever the zone, the language, the number of threads, the day.
#[test]
fn the_machine_leaves_no_trace() {
    for args in [
        vec!["report", "--format", "json"],
        vec!["report", "--format", "html"],
        vec!["report", "--format", "md"],
        vec!["report"],
        vec!["stats", "--by", "org,trigger", "--metric", "ttr,ttd", "--format", "csv"],
        vec!["stats", "--compare", "year", "--adjust", "severity_level"],
        vec!["stats", "--buckets", "--by", "services", "--format", "json"],
        vec!["stats", "--censored", "--by", "year"],
        vec!["stats", "ttm,ttr", "--by", "quarter,trigger", "--stated", "--computed"],
        vec!["stats", "ttr", "during:2026-Q2", "--evidence", "--format", "csv"],
        vec!["trend", "--period", "month"],
    ] {
        let run = |environment: &[(&str, &str)]| {
            let mut command = retro();
            command.current_dir(ingested().path()).args(&args).envs(environment.iter().copied());
            command.output().expect("retro runs").stdout
        };
        let here = run(&[]);
        let there = run(&[
            ("TZ", "Pacific/Kiritimati"),
            ("LANG", "de_DE.UTF-8"),
            ("POLARS_MAX_THREADS", "1"),
            ("RAYON_NUM_THREADS", "1"),
        ]);
        assert!(!here.is_empty());
        assert_eq!(here, there, "{args:?}");
    }
}

#[test]
fn a_report_needs_no_store() {
    let world = World::new();
    let corpus = corpus();
    let corpus = corpus.to_string_lossy();
    let answer = world.retro(&["report", "2026-Q2", "--format", "json", "--from", &corpus]);
    let mut fresh: Value = serde_json::from_str(&answer.found().stdout).unwrap();
    let mut stored = json(&["report", "2026-Q2", "--format", "json"]);
    assert!(!world.path().join(".retro").exists());
    // Paths are told from where one stands.
    for report in [&mut fresh, &mut stored] {
        report["provenance"]["digest_of_the_documents"] = Value::Null;
        for section in report["sections"].as_array_mut().unwrap() {
            for table in section["tables"].as_array_mut().unwrap() {
                for row in table["rows"].as_array_mut().unwrap() {
                    row.as_object_mut().unwrap().remove("path");
                }
            }
        }
    }
    assert_eq!(fresh, stored);
}

#[test]
fn no_change_is_claimed_of_too_few() {
    let table = json(&["stats", "--period", "2024-Q2", "--compare", "previous", "--format", "json"]);
    for row in table["rows"].as_array().unwrap() {
        let smallest = number(row, "old_n").min(number(row, "new_n"));
        assert_eq!(row["ratio"].is_null(), smallest < 5.0, "{row}");
        assert_eq!(row["verdict"] == "too few", smallest < 5.0, "{row}");
    }
    let report = json(&["report", "2024-Q2", "--format", "json"]);
    let not_shown = report["not_shown"].to_string();
    assert!(not_shown.contains("more or less frequent") && not_shown.contains("faster or slower"), "{not_shown}");
}

#[test]
fn a_trend_has_every_period() {
    let trend = json(&["trend", "--period", "month", "--format", "json"]);
    let rows = trend["rows"].as_array().unwrap();
    let months: Vec<String> = rows.iter().map(|r| r["period"].as_str().unwrap().to_owned()).collect();
    for pair in months.windows(2) {
        let next = |month: &str| -> String {
            let (year, month) = month.split_once('-').unwrap();
            let (year, month): (u32, u32) = (year.parse().unwrap(), month.parse().unwrap());
            if month == 12 { format!("{}-01", year + 1) } else { format!("{year}-{:02}", month + 1) }
        };
        assert_eq!(next(&pair[0]), pair[1]);
    }
    assert!(rows.iter().all(|r| number(r, "incidents_low") <= number(r, "incidents")));
}

#[test]
fn a_filter_narrows_every_number() {
    let all = number(&json(&["stats", "ttr", "--format", "json"])["rows"][0], "n");
    let some = number(&json(&["stats", "ttr", "during:2026", "--format", "json"])["rows"][0], "n");
    assert!(0.0 < some && some < all, "{some} of {all}");
    let report = json(&["report", "2026-Q2", "severity:1", "--format", "json"]);
    assert_eq!(report["provenance"]["filter"], "severity:1");
}

#[test]
fn what_cannot_be_answered_says_why() {
    for (args, code, words) in [
        (vec!["query", "DROP TABLE incidents"], 2, "only SELECT"),
        (vec!["query", "SELECT * FROM read_csv('/etc/passwd')"], 2, "refused"),
        (vec!["query", "nonsense"], 2, "no saved query"),
        (vec!["stats", "--by", "title"], 2, "cannot be grouped by 'title'"),
        (vec!["stats", "--period", "2025-Q7"], 2, "2025-Q2"),
        (vec!["stats", "--metric", "mttr"], 2, "ttd, tta"),
        (vec!["stats", "--by", "org,trigger,component"], 2, "at most two"),
        (vec!["stats", "--support-hours"], 2, "[support-hours]"),
        (vec!["stats", "--adjust", "severity_level"], 2, "--compare"),
        (vec!["stats", "--buckets", "--censored"], 2, "--censored"),
        (vec!["report", "2025-Q1", "2025-Q2"], 2, "one period"),
        (vec!["report", "1999-Q1"], 1, ""),
        (vec!["report", "-o", "report.pdf"], 2, "--format"),
        (vec!["report", "--from", "no-such-folder"], 2, "no file or folder 'no-such-folder'"),
        (vec!["show", "no-such-incident"], 2, "no incident"),
        (vec!["show", "x", "--tz", "CST"], 2, "one meaning"),
        (vec!["schema", "tables"], 2, "incidents, timeline"),
    ] {
        let answer = ingested().retro(&args);
        assert_eq!(answer.code, Some(code), "{args:?}\n{}", answer.all());
        assert!(answer.stderr.contains(words), "{args:?}\n{}", answer.all());
    }
}

type Stated = (Option<f64>, Option<f64>);

/// What the author states in twelve reports of one team, read off the documents by hand, in minutes: the quarter, and
/// the time to repair (TTM) and to resolve (TTR) of each. Two of them state neither.
const STATED: &[(&str, &[Stated])] = &[
    ("2020-Q1", &[(Some(4.0 * 60.0 + 9.0), Some(7.0 * 60.0))]),
    ("2020-Q2", &[(Some(30.0), Some(5.0 * 60.0 + 9.0))]),
    ("2020-Q3", &[(Some(45.0), Some(60.0 + 10.0)), (Some(3.0 * 60.0 + 2.0), Some(3.0 * 60.0 + 17.0))]),
    ("2021-Q2", &[(Some(4.0 * 60.0 + 33.0), Some(4.0 * 60.0 + 45.0)), (Some(31.0), Some(43.0))]),
    ("2021-Q4", &[(Some(60.0 + 17.0), Some(60.0 + 17.0))]),
    ("2023-Q1", &[(Some(60.0 + 28.0), Some(60.0 + 29.0))]),
    ("2023-Q3", &[(Some(60.0 + 50.0), Some(60.0 + 50.0))]),
    ("2024-Q2", &[(Some(3.0 * 60.0 + 21.0), Some(21.0 * 60.0 + 20.0))]),
    ("2025-Q3", &[(None, None)]),
    ("2025-Q4", &[(None, None)]),
];

/// What the clocks of the same reports give, where it is another value, and why: the documents leave no doubt.
const COMPUTED: &[(&str, &str, f64, &str)] = &[
    ("2020-Q1", "TTM", 9.0 * 60.0 + 35.0, "do not explain it"),
    ("2020-Q1", "TTR", 9.0 * 60.0 + 35.0, "within support hours"),
    ("2020-Q2", "TTM", 7.0 * 60.0 + 54.0, "from acknowledged to mitigated"),
    ("2021-Q2", "TTR", (21.0 * 60.0 + 45.0 + 43.0) / 2.0, "within support hours"),
    ("2024-Q2", "TTR", 3.0 * 1_440.0 + 3.0 * 60.0 + 41.0, "do not explain it"),
];

#[test]
fn stated_durations_equal_the_arithmetic_done_by_hand() {
    let Some(shared) = crate::gold::shared() else { return };
    let folder = shared.join("corpora/postmortems/moj-cloud-platform");
    let configuration = "[[defaults]]\norg = 'Justice'\nzone = 'Europe/London'\n\
                         [support-hours]\nzone = 'Europe/London'\nhours = ['Mon-Fri 10:00-17:00']\n";
    let world = World::new().file("retro.toml", configuration);
    world.retro(&["ingest", "--quiet", &folder.to_string_lossy()]).found();
    let ask = |more: &[&str]| -> Value {
        let fixed = ["stats", "ttm,ttr", "--by", "quarter", "--stated", "--format", "json"];
        serde_json::from_str(&world.retro(&[&fixed, more].concat()).found().stdout).expect("JSON")
    };
    let (stated, beside) = (ask(&[]), ask(&["--computed", "--support-hours"]));
    let row = |table: &Value, quarter: &str, metric: &str| -> Value {
        let mut rows = table["rows"].as_array().unwrap().iter();
        let found = rows.find(|r| r["quarter"] == quarter && r["metric"] == metric);
        found.unwrap_or_else(|| panic!("no row {quarter} {metric}")).clone()
    };
    for (quarter, incidents) in STATED {
        for metric in ["TTM", "TTR"] {
            let pick = |(ttm, ttr): &(Option<f64>, Option<f64>)| if metric == "TTM" { *ttm } else { *ttr };
            let known: Vec<f64> = incidents.iter().filter_map(pick).collect();
            let found = row(&stated, quarter, metric);
            assert_eq!(number(&found, "n") as usize, known.len(), "{quarter} {metric}");
            assert_eq!(number(&found, "missing") as usize, incidents.len() - known.len(), "{quarter} {metric}");
            // Of one or two values the median is the mean.
            let middle = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
            for column in ["median_minutes", "mean_minutes"] {
                assert_eq!(found[column].as_f64(), middle, "{quarter} {metric} {column}");
            }
            assert_eq!(row(&beside, quarter, metric)["stated_median_minutes"].as_f64(), middle);
        }
    }
    let notes = beside["notes"].to_string();
    for (quarter, metric, minutes, reason) in COMPUTED {
        assert_eq!(number(&row(&beside, quarter, metric), "computed_mean_minutes"), *minutes, "{quarter} {metric}");
        assert!(notes.contains(reason), "{reason} in {notes}");
    }
}

/// Every classed, censored or bucketed table accounts for every incident.
#[test]
fn no_incident_is_lost_between_the_classes() {
    let all = json(&["query", "SELECT COUNT(*) AS n FROM incidents WHERE same_as IS NULL", "--format", "json"]);
    let incidents = number(&all["rows"][0], "n");
    let classes = json(&["stats", "ttr", "--buckets", "--format", "json"]);
    let row = &classes["rows"][0];
    let names = ["under_15m", "under_30m", "under_1h", "under_3h", "under_1d", "from_1d"];
    assert_eq!(names.iter().map(|name| number(row, name)).sum::<f64>(), number(row, "n"));
    assert_eq!(number(row, "n") + number(row, "missing"), incidents);
    let open = json(&["stats", "ttr", "--censored", "--format", "json"]);
    let row = &open["rows"][0];
    assert_eq!(number(row, "ended") + number(row, "censored") + number(row, "missing"), incidents);
}

/// The shipped corpus tells one incident twice: once as a report and once as a notice to customers.
#[test]
fn an_incident_that_two_documents_tell_counts_once_and_out_loud() {
    let told = json(&["query", "SELECT id, same_as FROM incidents WHERE same_as IS NOT NULL", "--format", "json"]);
    let told = told["rows"].as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    let (notice, report) = (told[0]["id"].as_str().unwrap(), told[0]["same_as"].as_str().unwrap());
    for verb in [&["stats"][..], &["trend"], &["stats", "--compare", "year"], &["report"]] {
        let text = ingested().retro(verb).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("1 document tells of an incident that another tells more fully"), "{verb:?}\n{text}");
        assert!(text.contains(notice) && text.contains("1 drill, 1 notice of planned work"), "{verb:?}\n{text}");
    }
    let n = |args: &[&str]| number(&json(&[&["stats", "ttr", "--format", "json"], args].concat())["rows"][0], "n");
    assert_eq!(n(&["--every-telling"]), n(&[]) + 1.0);
    // Each of them alone is an incident, and both together are one.
    let (one, other) = (format!("id:{notice}"), format!("id:{report}"));
    assert_eq!((n(&[&one]), n(&[&other]), n(&[&one, "OR", &other])), (1.0, 1.0, 1.0));
}

/// Each group is compared with itself, and a claim has to pass the number of groups too.
#[test]
fn a_comparison_by_groups_adds_up_to_the_comparison() {
    let asked = ["stats", "ttr", "--compare", "year", "--period", "2025", "--format", "json"];
    let (whole, groups) = (json(&asked), json(&[&asked[..], &["--by", "trigger"]].concat()));
    let sum = |name: &str| groups["rows"].as_array().unwrap().iter().map(|r| number(r, name)).sum::<f64>();
    for name in ["old_n", "new_n"] {
        assert_eq!(sum(name), number(&whole["rows"][0], name), "{name}");
    }
    assert!(sum("old_incidents") > 0.0 && groups["columns"].to_string().contains("p_adjusted"));
}

/// From a number to the words in one command: the file holds them on the line that is named.
#[test]
fn a_number_leads_to_its_words() {
    let table = json(&["stats", "ttr", "during:2026-Q2", "--evidence", "--format", "json"]);
    let rows = table["rows"].as_array().unwrap();
    let stats = json(&["stats", "ttr", "during:2026-Q2", "--format", "json"]);
    let values = rows.iter().filter(|r| r["minutes"].is_number()).count();
    assert_eq!(values as f64, number(&stats["rows"][0], "n"));
    for row in rows.iter().filter(|r| r["path"].as_str().unwrap().ends_with(".md")) {
        let (_, inside) = row["path"].as_str().unwrap().rsplit_once("/corpus/").unwrap();
        let text = std::fs::read_to_string(corpus().join(inside)).unwrap();
        let first = row["words"].as_str().unwrap().lines().next().unwrap().to_owned();
        let line = text.lines().nth(number(row, "line") as usize - 1).unwrap();
        assert!(line.contains(&first), "{row}");
    }
}

/// A team's own metric is data: two milestones in the configuration, and it is asked for like any other.
#[test]
fn a_metric_of_ones_own_is_a_start_and_an_end() {
    let world = World::new()
        .file(
            "a.md",
            "# Outage\n\nDate: 2025-04-03\n\n- 10:00 UTC Impact began\n- 10:20 UTC Alert fired\n- 11:00 UTC Resolved\n",
        )
        .file("retro.toml", "[metrics.blind]\nstart = 'detected'\nend = 'resolved'\nmeaning = 'after the alert'\n");
    world.retro(&["ingest", "--quiet", "a.md"]).found();
    let answer = world.retro(&["stats", "blind", "--format", "json"]).found();
    let table: Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(number(&table["rows"][0], "median_minutes"), 40.0, "{table}");
    assert!(world.retro(&["stats", "--define"]).found().stdout.contains("after the alert"));
}

#[test]
fn definitions_are_one_command_away() {
    let answer = ingested().retro(&["stats", "--define"]).found();
    for words in ["TTR", "resolved", "Mann–Whitney", "Garwood", "bootstrap"] {
        assert!(answer.stdout.contains(words), "{words} in\n{}", answer.stdout);
    }
}

/// The end is told a day late; the stated hour counts in every verb, and the record says why.
#[test]
fn a_mistyped_date_counts_for_nobody() {
    let text = "# API outage\n\nCompany: Lumo\n\nStart: 2025-03-02 10:00 UTC\nEnd: 2025-03-03 11:00 UTC\n\
                Duration: 1h\n\nThe API was down.\n";
    let world = World::new().file("docs/a.md", text);
    world.retro(&["ingest", "-q", "docs"]).found();
    let [row]: [Value; 1] = serde_json::from_str(
        &world
            .retro(&["query", "SELECT ttm_minutes, ttr_minutes, impact_minutes FROM incidents", "--format", "json"])
            .stdout,
    )
    .map(|found: Value| [found["rows"][0].clone()])
    .unwrap();
    assert_eq!(row, serde_json::json!({"ttm_minutes": 60, "ttr_minutes": 60, "impact_minutes": 60}));
    let record: Value = serde_json::from_str(&world.retro(&["extract", "docs", "--format", "ndjson"]).stdout).unwrap();
    let ttr = &record["durations"]["ttr"];
    assert_eq!(
        (&ttr["minutes"], &ttr["from"], &ttr["conflict"]),
        (&60.into(), &"stated".into(), &true.into()),
        "{ttr}"
    );
    assert_eq!(ttr["computed"]["minutes"], 1_500);
    assert_eq!(record["warnings"].to_string().matches("a date is mistyped").count(), 1, "{record}");
    assert_eq!(world.retro(&["list", "impact:>2h"]).code, Some(1));
    assert_eq!(world.retro(&["list", "ttr:1h"]).code, Some(0));
    let stats = world.retro(&["stats", "ttr,impact"]).stdout;
    assert!(stats.contains("whole days apart in 1 incident") && !stats.contains("1 d"), "{stats}");
    let report = world.retro(&["report", "2025-Q1"]).stdout;
    assert!(report.contains("Users were affected for 1 h in total"), "{report}");
}

/// A running period has only the days lived, and how many incidents it will have nobody knows.
#[test]
fn a_running_period_is_counted_as_far_as_it_has_gone() {
    let today = chrono::Utc::now().date_naive();
    let year = chrono::Datelike::year(&today);
    let mut world = World::new();
    for nth in 0..12 {
        let (year, month) = (year - 1, nth + 1);
        let text = format!(
            "# Outage {nth}\n\nCompany: Lumo\n\nOn {year}-{month:02}-02 from 10:00 to 11:00 UTC search was down.\n"
        );
        world = world.file(&format!("docs/{nth}.md"), text);
    }
    let text = format!(
        "# Outage now\n\nCompany: Lumo\n\nOn {year}-01-01 from 00:10 to 01:10 UTC search was down.\n\n\
         ## Action items\n\n- [ ] Add an alert (due {year}-12-31)\n"
    );
    let world = world.file("docs/now.md", text);
    world.retro(&["ingest", "-q", "docs"]).found();
    let days = chrono::Datelike::ordinal(&today);
    let lived = format!("{days} day{} up to {today}", if days == 1 { "" } else { "s" });
    let report = world.retro(&["report", &year.to_string(), "--format", "md"]).stdout;
    assert!(report.contains(&format!("% of the {lived}")), "{report}");
    assert!(!report.contains("became less frequent"), "{report}");
    assert!(report.contains("1 is not marked done") && !report.contains("1 overdue"), "{report}");
    let trend = world.retro(&["trend", "--period", "year", "--format", "md"]).stdout;
    assert!(trend.contains(&format!("{year} is not over and left out of the trend")), "{trend}");
    let compared =
        world.retro(&["stats", "--compare", "previous", "--period", &year.to_string(), "--format", "md"]).stdout;
    assert!(compared.contains(&format!("{year} is not over")) && !compared.contains("less often"), "{compared}");
}

#[test]
fn no_change_is_claimed_against_what_the_documents_do_not_reach() {
    let report = |day: u32| {
        format!("# Search was down\n\nOn 2025-05-{day:02} from 10:00 to 11:00 UTC search number {day} was down.\n")
    };
    let world = (1..=12).fold(World::new(), |world, day| world.file(&format!("docs/{day}.md"), report(day)));
    world.retro(&["ingest", "-q", "docs"]).found();
    let told = |args: &[&str]| world.retro(&[&["report", "--format", "json"], args].concat()).stdout;
    let before = told(&["2025-Q2"]);
    assert!(before.contains("the first incident known is of 2025-05-01, after 2025-Q1"), "{before}");
    let after = told(&["2025-Q3"]);
    assert!(after.contains("the last incident known is of 2025-05-12, before 2025-Q3"), "{after}");
    assert!(!before.contains("became more frequent") && !after.contains("became less frequent"), "{before} {after}");
    for (period, why) in [("2025-Q2", "is of 2025-05-01, after 2025-Q1"), ("2025-Q3", "is of 2025-05-12, before")] {
        let compared = world.retro(&["stats", "--compare", "previous", "--period", period, "--format", "md"]).stdout;
        let is_refused = compared.contains("cannot be told") && compared.contains(why);
        assert!(is_refused && !compared.contains("more often") && !compared.contains("less often"), "{compared}");
    }
    for (word, error) in [("2025-Q7", "is no period"), ("2999", "has not begun")] {
        let refused = world.retro(&["report", word]);
        assert!(refused.code == Some(2) && refused.stderr.contains(error), "{}", refused.stderr);
    }
    // Nobody's latest quarter is one that a mistyped year puts in the future.
    let slip = "# Mail was down\n\nOn 2205-05-02 from 10:00 to 11:00 UTC mail was down.\n";
    let world = world.file("docs/slip.md", slip);
    world.retro(&["ingest", "-q", "docs"]).found();
    let latest = world.retro(&["report", "--format", "json"]).stdout;
    assert!(latest.contains("Reliability report 2025-Q2"), "{latest}");
    let missed = world.retro(&["stats", "mttr"]);
    assert!(missed.stderr.contains("retro stats ttr"), "{}", missed.stderr);
}
