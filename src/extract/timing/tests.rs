//! Written forms as small documents: what a whole report makes of them.

use crate::document;
use crate::domain::{Incident, MilestoneKind};
use crate::extract::{Defaults, extract};
use crate::source::Format;
use std::sync::Arc;

fn read(text: &str, zone: Option<&str>) -> Incident {
    let source: Arc<str> = text.into();
    let document = document::parse(Format::Markdown, &source, 0..source.len());
    let defaults = Defaults { zone: zone.map(str::to_owned), ..Defaults::default() };
    extract(&document, "report.md", &defaults).remove(0)
}

fn timeline(text: &str) -> Vec<String> {
    let shown = |m: &crate::time::Moment| format!("{}{}", m.local_text(), m.offset_text().unwrap_or_default());
    let events = read(text, None).timeline;
    events
        .iter()
        .map(|e| e.end.as_ref().map_or(shown(&e.at), |end| format!("{} > {}", shown(&e.at), shown(end))))
        .collect()
}

fn codes(incident: &Incident) -> Vec<&'static str> {
    incident.notices.iter().map(|n| n.code).collect()
}

#[test]
fn written_forms_in_whole_reports() {
    let mut wrong = Vec::new();
    for (name, text, expected) in [
        (
            "German",
            "# Ausfall der Suche\n\n## Zeitleiste (alle Zeiten MEZ)\n\n- 3. März 2025, 23:50 Uhr: Die Suche fällt aus\n- 00:20 Uhr: Erste Meldung\n- gegen 1 Uhr: Die Suche läuft wieder\n",
            vec!["2025-03-03T23:50+01:00", "2025-03-04T00:20+01:00", "2025-03-04T01:00+01:00"],
        ),
        (
            "French",
            "# Panne\n\n## Chronologie\n\n- le 12 mars 2026 à 14h05 (heure de Paris) : le site tombe\n- 14h30 : cause identifiée\n- de 15h00 à 15h20 : rétablissement\n",
            vec!["2026-03-12T14:05+01:00", "2026-03-12T14:30+01:00", "2026-03-12T15:00+01:00 > 2026-03-12T15:20+01:00"],
        ),
        (
            "Spanish",
            "# Caída\n\n## Cronología (UTC)\n\n- 12 de marzo de 2026, 14:05: cae la API\n- 14:20: primera alerta\n- 15:00: restablecido\n",
            vec!["2026-03-12T14:05+00:00", "2026-03-12T14:20+00:00", "2026-03-12T15:00+00:00"],
        ),
        (
            "Portuguese",
            "# Queda\n\n## Linha do tempo (horário de Brasília)\n\n- 12 de março de 2026 às 14h05: a API cai\n- 14h20: primeiro alerta\n- 15h00: normalizado\n",
            vec!["2026-03-12T14:05-03:00", "2026-03-12T14:20-03:00", "2026-03-12T15:00-03:00"],
        ),
        (
            "Chinese and Japanese dates",
            "# API outage\n\n## Timeline\n\n- 2025年7月3日 14:05 JST API down\n- 14:20 first alert\n- 2025年7月3日 15:00 JST restored\n",
            vec!["2025-07-03T14:05+09:00", "2025-07-03T14:20+09:00", "2025-07-03T15:00+09:00"],
        ),
        (
            "noticed behind an end of another day",
            "# Mail outage\n\nStart: 2022-05-04 10:00 UTC, end: 2022-05-14 11:00 UTC. Detected at 10:05 UTC, closed at 11:30 UTC.\n",
            vec!["2022-05-14T11:00+00:00", "2022-05-04T10:05+00:00", "2022-05-14T11:30+00:00"],
        ),
        (
            "noticed after midnight",
            "# Mail outage\n\nStart: 2022-05-04 22:00 UTC, end: 2022-05-05 01:00 UTC. Detected at 00:10 UTC, closed at 02:00 UTC.\n",
            vec!["2022-05-05T01:00+00:00", "2022-05-05T00:10+00:00", "2022-05-05T02:00+00:00"],
        ),
        (
            "what was announced long before",
            "# Mail outage\n\nAround 08:20 UTC on 9 May 2022 the relay of our mails stopped answering. We had planned to move it by 11 April 2022. By about 16:05 UTC mails came in again.\n",
            vec!["2022-05-09T08:20+00:00", "2022-05-09T16:05+00:00"],
        ),
        (
            "two clocks alone above their words",
            "# Late mail, 14 March 2022\n\nMail was late for some.\n\n### 09:28 UTC\n\nMail is still late.\n\n### 10:22 UTC\n\nMail flows again.\n",
            vec!["2022-03-14T09:28+00:00", "2022-03-14T10:22+00:00"],
        ),
        (
            "from a start",
            "# API outage of 2025-07-03\n\n## Timeline\n\n- 14:05 UTC API down\n- T+15m first alert\n- T+1h05m restored\n",
            vec!["2025-07-03T14:05+00:00", "2025-07-03T14:20+00:00", "2025-07-03T15:10+00:00"],
        ),
        (
            "two zones in one line",
            "# API outage of 2025-01-07\n\n## Timeline\n\n- 15:00 CET / 14:00 UTC API down\n- 15:20 CET / 14:20 UTC alert\n- 16:00 CET / 15:00 UTC restored\n",
            vec!["2025-01-07T15:00+01:00", "2025-01-07T15:20+01:00", "2025-01-07T16:00+01:00"],
        ),
        (
            "newest first",
            "# API outage\n\n## Updates\n\n- 2025-01-08 00:30 UTC restored\n- 2025-01-07 23:50 UTC cause found\n- 2025-01-07 23:40 UTC API down\n",
            vec!["2025-01-08T00:30+00:00", "2025-01-07T23:50+00:00", "2025-01-07T23:40+00:00"],
        ),
        (
            "colons lost",
            "# API outage of 2025-01-07\n\n## Timeline\n\n1405 UTC API down\n\n1420 UTC alert\n\n1500 UTC restored\n",
            vec!["2025-01-07T14:05+00:00", "2025-01-07T14:20+00:00", "2025-01-07T15:00+00:00"],
        ),
        (
            "full stops for colons",
            "# API outage\n\n## Timeline\n\n7 June 2021\n\n18.21 change merged\n\n8 June 2021\n\n14.44 build runs\n\n15.38 home page broken\n\n15.40 rollback starts\n\n15.56 home page back to normal\n",
            vec!["2021-06-07T18:21", "2021-06-08T14:44", "2021-06-08T15:38", "2021-06-08T15:40", "2021-06-08T15:56"],
        ),
        (
            "line breaks lost",
            "# API outage of 2025-01-07\n\n16:47 - API errors begin to rise16:54 - lag climbs16:56 - alert fires16:58 - back to normal\n",
            vec!["2025-01-07T16:47", "2025-01-07T16:54", "2025-01-07T16:56", "2025-01-07T16:58"],
        ),
        (
            "twelve hours without their half",
            "# API outage\n\n## Timeline (UTC)\n\n- 2025-01-07 9:27 build\n- 2025-01-07 12:39 it fails\n- 2025-01-07 1:50 rebuilt\n- 2025-01-07 5:51 over\n",
            vec![
                "2025-01-07T09:27+00:00",
                "2025-01-07T12:39+00:00",
                "2025-01-07T13:50+00:00",
                "2025-01-07T17:51+00:00",
            ],
        ),
        (
            "broken lines of prose",
            "# API outage of 2025-01-07\n\nThe gauge was poorly watched, so that nobody had any idea about it\nuntil 8:40. At 9:20 we began to work, and then\nwe could not take any new task, for which we\nknow no reason.\nAt 10:04 it came in again.\n",
            vec!["2025-01-07T08:40", "2025-01-07T09:20", "2025-01-07T10:04"],
        ),
        (
            "days that head what befell on them, over the turn of the year",
            "# API outage\n\nWritten on 2024-12-31.\n\n## Updates\n\n### 30th December\n\n* Search is back.\n* Mail is back.\n\n### 2nd January\n\n* Lists are back.\n",
            vec!["2024-12-30", "2024-12-30", "2025-01-02"],
        ),
        (
            "a day above clocks heads those alone",
            "# API outage of 2025-01-07\n\n## Timeline\n\n* 01/07\n  * 15:00 - it fails\n    * nobody sees it\n  * 16:10 - it is seen\n* 01/08\n  * 12:20 - it is over\n",
            vec!["2025-01-07T15:00", "2025-01-07T16:10", "2025-01-08T12:20"],
        ),
        (
            "one day heads no log",
            "# API outage\n\n## 7 January 2025\n\n* We looked for the cable.\n* We found it.\n* We mended it.\n",
            vec![],
        ),
        (
            "two zones in two forms",
            "# Mail outage of 2025-07-07\n\nThe window was from 05:30 UTC on. It was 12:30 AM CDT then.\n\n## Timeline\n\n* 01:07 AM - moved\n* 01:12 AM - down\n* 01:40 AM - up again\n",
            vec!["2025-07-07T01:07-05:00", "2025-07-07T01:12-05:00", "2025-07-07T01:40-05:00"],
        ),
        (
            "two zones in two forms, the other one",
            "# Mail outage of 2025-07-07\n\nThe window was from 05:30 UTC on. It was 12:30 AM CDT then.\n\n## Timeline\n\n* 06:17 - moved\n* 06:22 - down\n* 06:35 - up again\n",
            vec!["2025-07-07T06:17+00:00", "2025-07-07T06:22+00:00", "2025-07-07T06:35+00:00"],
        ),
        (
            "updates later than the day of the page",
            "---\ndate: 2025-09-26T01:20:00Z\nresolved: true\n---\n# Line down\n\n10/12 02:45pm Central - the maker answers\n\n09/26 04:18am Central - it is back\n\n09/25 10:51pm Central - it is down\n",
            vec!["2025-10-12T14:45-05:00", "2025-09-26T04:18-05:00", "2025-09-25T22:51-05:00"],
        ),
        (
            "weekdays",
            "# API outage\n\n## Timeline (UTC)\n\n- Tuesday 2025-01-07 23:40: API down\n- Wednesday 2025-01-08 00:10: restored\n",
            vec!["2025-01-07T23:40+00:00", "2025-01-08T00:10+00:00"],
        ),
    ] {
        let got = timeline(text);
        if got != expected {
            wrong.push(format!("{name}: expected {expected:?}, got {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_post_tells_happened_before_it_was_posted() {
    let page = concat!(
        "Resolved -\nLogins work again since 09:40 UTC.\nMar 13, 2025, 10:16 UTC\nIdentified -\nA full disk is the cause.\nMar 13, 2025, 08:25 UTC\n",
        "Investigating -\nWe are investigating failing logins, which began at 06:50 UTC.\nMar 13, 2025, 07:00 UTC\n",
    );
    let incident = read(page, None);
    let at = |kind| incident.milestones.get(&kind).map(|m| m.value.local_text()).unwrap_or_default();
    assert_eq!(at(MilestoneKind::Started), "2025-03-13T06:50");
    assert_eq!(at(MilestoneKind::Identified), "2025-03-13T08:25");
    assert_eq!(at(MilestoneKind::Mitigated), "2025-03-13T09:40");
}

#[test]
fn what_comes_before_the_first_written_date_may_be_of_its_eve() {
    let first = |entries: &str| {
        timeline(&format!("# API down\n\n## Timeline (UTC)\n\n{entries}\n")).into_iter().next().unwrap()
    };
    let told = "- 22:45 errors\n- 23:10 paged\n- 2025-06-05 00:10 moved away\n- 00:40 all well";
    assert_eq!(first(told), "2025-06-04T22:45+00:00");
    let told = "- 23:50 errors\n- 00:05 paged\n- 2025-06-05 00:10 moved away";
    assert_eq!(first(told), "2025-06-04T23:50+00:00");
    // Told from the end; and of one day.
    let told = "- 22:45 all well\n- 2025-06-05 00:10 moved away\n- 2025-06-04 23:00 errors";
    assert_eq!(first(told), "2025-06-05T22:45+00:00");
    assert_eq!(first("- 09:45 errors\n- 10:10 paged\n- 2025-06-05 11:10 over"), "2025-06-05T09:45+00:00");
}

#[test]
fn entries_count_their_days_from_the_day_of_the_incident() {
    let told = |times: &[&str]| {
        let rows: String = times.iter().map(|time| format!("| {time} | Mail was not delivered. |\n")).collect();
        timeline(&format!("# Mail\n\nOn 2025-06-12 mail stood still.\n\n| Time | Event |\n|---|---|\n{rows}"))
    };
    let days = |times: &[&str]| told(times).iter().map(|t| t.get(8..10).unwrap_or("").to_owned()).collect::<Vec<_>>();
    assert_eq!(days(&["21:05 (previous night)", "22:40 (previous night)", "09:10", "09:40"]), ["11", "11", "12", "12"]);
    assert_eq!(days(&["01:00", "02:15 (next day)", "03:30 (next day)", "04:45"]), ["12", "13", "13", "13"]);
    assert_eq!(days(&["20:00", "02:15 (next day)", "01:30 (next day)"]), ["12", "13", "14"]);
    assert_eq!(days(&["20:00", "02:15 (+1)", "03:30 (+1)"]), ["12", "13", "13"]);
}

#[test]
fn headings_may_be_the_fields_of_a_form() {
    let text = "# Payouts fail\n\n## Date: 2025-06-12\n## Time: 09:15 UTC\n## Severity: SEV-2\n\nNobody was paid.\n";
    let incident = read(text, None);
    let started = incident.milestones.get(&MilestoneKind::Started).map(|at| at.value.local_text());
    assert_eq!(started.as_deref(), Some("2025-06-12T09:15"));
    assert_eq!(incident.severity.map(|grade| grade.value.value).as_deref(), Some("SEV-2"));
}

#[test]
fn a_lone_heading_of_an_update_is_an_entry() {
    let told = |heading: &str| {
        let text = format!(
            "# Outage of mail\n\nOn 2025-06-12 mail stood still.\n\n## {heading}\n\nMail is delivered again.\n"
        );
        timeline(&text).concat()
    };
    assert_eq!(told("Update 14:20"), "2025-06-12T14:20");
    assert_eq!(told("14:20 Mise à jour"), "2025-06-12T14:20");
    assert_eq!(told("Backlog of 14:20"), "");
}

#[test]
fn numbered_updates_are_told_below_their_times() {
    for head in ["**2025-06-05 10:27 Update 3**", "### Update #3 - 2025-06-05 10:27", "## 2025-06-05 10:27 – UPDATE 3"]
    {
        let earlier = head.replace("10:27", "09:12").replace('3', "2");
        let page = format!(
            "# Gateway down\n\n{head}\n\nA full table was the cause. It is fixed now.\n\n{earlier}\n\nWe are looking into it.\n"
        );
        let incident = read(&page, None);
        let resolved = incident.milestones.get(&MilestoneKind::Resolved).map(|m| m.value.local_text());
        assert_eq!(resolved.as_deref(), Some("2025-06-05T10:27"), "{head}");
        let texts: Vec<&str> = incident.timeline.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(texts, ["A full table was the cause. It is fixed now.", "We are looking into it."], "{head}");
    }
}

#[test]
fn fields_have_the_zone_that_the_text_names_beside_their_times() {
    let ended = |update: &str| {
        let page = format!(
            "---\ntitle: Storage down\ndate: 2025-03-13 06:50:00\nresolved: true\nresolvedWhen: 2025-03-13 09:40:00\n---\n\n{update}\n\nAll is well again.\n"
        );
        let resolved = read(&page, None).milestones.remove(&MilestoneKind::Resolved);
        resolved.and_then(|resolved| resolved.value.offset_text())
    };
    assert_eq!(ended("2025-03-13 09:40:00 UTC").as_deref(), Some("+00:00"));
    assert_eq!(ended("2025-03-13 09:20:00 UTC"), None);
    assert_eq!(ended("2025-03-13 09:40:00"), None);
}

#[test]
fn times_at_the_edges() {
    let report = |lines: &str| format!("# Shop down\n\n## Timeline\n\n{lines}");
    let ist =
        report("- 2025-01-07 10:00 IST the shop went down\n- 10:05 IST first alert\n- 11:00 IST service restored\n");
    let incident = read(&ist, None);
    let notice = incident.notices.iter().find(|n| n.code == "ambiguous-zone").map(|n| n.message.clone());
    let message = notice.unwrap_or_default();
    for candidate in ["+05:30 (Asia/Kolkata)", "+01:00 (Europe/Dublin)", "+02:00 (Asia/Jerusalem)"] {
        assert!(message.contains(candidate), "{message}");
    }
    assert_eq!(codes(&incident).iter().filter(|c| **c == "ambiguous-zone").count(), 1);
    // The configuration chooses, and so does another zone of the document.
    assert!(!codes(&read(&ist, Some("Europe/Dublin"))).contains(&"ambiguous-zone"));
    let told = read(&format!("{ist}\nOur office is in Asia/Jerusalem.\n"), None);
    assert_eq!(told.zones, ["+02:00"]);
    assert!(!codes(&told).contains(&"ambiguous-zone"));

    let typo = read(
        &report(
            "- 2025-03-02 10:00 UTC the shop went down\n- 2025-08-02 10:05 UTC first alert\n- 2025-03-02 10:20 UTC service restored\n",
        ),
        None,
    );
    assert!(codes(&typo).contains(&"date-typo"));
    assert_eq!(typo.timeline.get(1).map(|e| e.at.local_text()).as_deref(), Some("2025-08-02T10:05"));

    let backwards =
        read("# Shop down\n\nStart time: 2025-03-02 10:00 UTC\n\nResolved at: 2025-03-02 09:00 UTC\n", None);
    assert!(backwards.durations.values().all(|d| d.computed_minutes.is_none_or(|m| m >= 0)));

    let long = read("# Shop down\n\nStart time: 2024-01-01 10:00 UTC\n\nResolved at: 2025-02-04 10:00 UTC\n", None);
    assert!(long.durations.values().any(|d| d.computed_minutes == Some(400 * 1440)));

    let future = read("# Shop down\n\nOn 2098-05-01 the shop was down from 10:00 to 11:00 UTC.\n", None);
    assert_eq!(future.date.map(|d| d.value.to_string()).as_deref(), Some("2098-05-01"));
}

/// From when to when a report's incident lasted.
fn lasted(text: &str) -> String {
    let incident = read(text, None);
    let shown = |kind: MilestoneKind| {
        let at = incident.milestones.get(&kind).map(|m| &m.value);
        at.map_or("-".to_owned(), |at| format!("{}{}", at.local_text(), at.offset_text().unwrap_or_default()))
    };
    format!("{} > {}", shown(MilestoneKind::Started), shown(MilestoneKind::Mitigated))
}

#[test]
fn days_count_from_the_day_on_which_a_text_says_that_it_was_written() {
    for (text, expected) in [
        (
            "# Checkout outage\n\nPublished on 4 March 2026.\n\nYesterday at 14:00 UTC our checkout stopped working. It came back at 14:50 UTC.\n",
            "2026-03-03T14:00+00:00 > 2026-03-03T14:50+00:00",
        ),
        (
            "# Mail delays\n\n*Posted March 4, 2026 by the mail team*\n\nLast night mail delivery stopped at 23:40 UTC and recovered at 02:15 UTC this morning.\n",
            "2026-03-03T23:40+00:00 > 2026-03-04T02:15+00:00",
        ),
        (
            "# Billing down\n\nThis post was published on Wednesday, 4 March 2026.\n\nOn Monday at 14:00 UTC, the billing portal went down. It was back at 15:10 UTC.\n",
            "2026-03-02T14:00+00:00 > 2026-03-02T15:10+00:00",
        ),
        (
            "# Chat down\n\n4 March 2026\n\nEarlier today, between 10:15 and 11:40 UTC, chat was unavailable.\n",
            "2026-03-04T10:15+00:00 > 2026-03-04T11:40+00:00",
        ),
        (
            "# VPN outage\n\nWritten on 12 May 2026.\n\nThe VPN was down from 07:50 this morning until 8:35 this morning.\n",
            "2026-05-12T07:50 > 2026-05-12T08:35",
        ),
        // The day of writing is not that of the clocks below it.
        (
            "# Outage on 2 March 2026\n\nPublished on 4 March 2026.\n\nAt 14:00 UTC the site went down. At 15:00 UTC it was back.\n",
            "2026-03-02T14:00+00:00 > 2026-03-02T15:00+00:00",
        ),
    ] {
        assert_eq!(lasted(text), expected, "{text}");
    }
}

#[test]
fn clocks_of_twelve_hours_go_on_in_the_afternoon() {
    let day = |lines: &str| timeline(&format!("# Outage, March 3 2026\n\n## Timeline\n\n{lines}"));
    for (lines, expected) in [
        (
            "- 11:50 Site down\n- 12:20 Paged\n- 1:05 Cause found\n- 2:10 Site restored\n",
            ["11:50", "12:20", "13:05", "14:10"],
        ),
        (
            "- 11:50 Site down\n- 12:20 Paged\n- 01:05 Cause found\n- 02:10 Site restored\n",
            ["11:50", "12:20", "13:05", "14:10"],
        ),
        (
            "- 8:15am Site down\n- 9:20 Paged\n- 11:45 Cause found\n- 1:10 Site restored\n",
            ["08:15", "09:20", "11:45", "13:10"],
        ),
        (
            "- 2:10 PM Site down\n- 2:25 Paged\n- 3:40 Cause found\n- 4:05 Site restored\n",
            ["14:10", "14:25", "15:40", "16:05"],
        ),
    ] {
        let expected = expected.map(|clock| format!("2026-03-03T{clock}"));
        assert_eq!(day(lines), expected, "{lines}");
    }
    let range = |words: &str| lasted(&format!("# Outage, March 3 2026\n\nThe site was unavailable {words}.\n"));
    assert_eq!(range("from 11:30 to 1:10"), "2026-03-03T11:30 > 2026-03-03T13:10");
    assert_eq!(range("from 11:30 to 01:10"), "2026-03-03T11:30 > 2026-03-04T01:10");
    assert_eq!(range("from 23:30 to 1:10"), "2026-03-03T23:30 > 2026-03-04T01:10");
    // A night, of twelve hours with a mark and of twenty-four without any; and an entry out of order.
    let night = ["2026-03-03T23:50", "2026-03-04T00:20", "2026-03-04T01:05"];
    assert_eq!(day("- 11:50 PM Site down\n- 12:20 Paged\n- 1:05 Site restored\n"), night);
    assert_eq!(day("- 23:50 Site down\n- 0:20 Paged\n- 1:05 Site restored\n"), night);
    assert_eq!(
        day("- 10:30 Site down\n- 10:25 Load rises\n- 10:50 Site restored\n"),
        ["2026-03-03T10:30", "2026-03-03T10:25", "2026-03-03T10:50"]
    );
}

#[test]
fn a_place_beside_words_for_clocks_is_a_zone() {
    let zone = |line: &str| {
        let report = format!("# Outage\n\n{line}\n\n- 2026-07-03 10:00 Site down\n- 2026-07-03 10:40 Site restored\n");
        read(&report, None).zones.join(" ")
    };
    for (line, expected) in [
        ("All times local (Berlin).", "+02:00"),
        ("Times are in Eastern.", "-04:00"),
        ("Toutes les heures sont locales (Montréal).", "-04:00"),
        ("Время указано московское.", "+03:00"),
        ("Time zone: Berlin", "+02:00"),
        ("Our Berlin office noticed first.", ""),
        ("At all times Berlin was reachable.", ""),
    ] {
        assert_eq!(zone(line), expected, "{line}");
    }
}

#[test]
fn what_is_done_after_the_end_moves_no_end() {
    let report = |later: &str| {
        format!(
            "# Outage\n\n## Timeline (UTC)\n\n- 2026-03-03 10:00 Site down\n- 2026-03-03 10:40 Service restored\n- {later}\n"
        )
    };
    for later in [
        "2026-03-05 09:30 Backfill of missed events finished, reports restored",
        "2026-03-06 15:00 Postmortem published",
        "2026-03-06 15:00 All customers informed, invoices corrected and restored",
        "2026-03-03 16:00 Old replica rebuilt, redundancy restored",
    ] {
        assert_eq!(lasted(&report(later)), "2026-03-03T10:00+00:00 > 2026-03-03T10:40+00:00", "{later}");
    }
    // What tells of the service itself does.
    let relapse = "2026-03-03 16:00 Site down again for a minute, then fully restored";
    assert_eq!(lasted(&report(relapse)), "2026-03-03T10:00+00:00 > 2026-03-03T16:00+00:00");
}
