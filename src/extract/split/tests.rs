//! Documents that hold several incidents, and those that seem to.

use super::parts;
use crate::document::parse;
use crate::source::Format;
use std::sync::Arc;

fn titles(text: &str) -> Vec<String> {
    let text: Arc<str> = text.into();
    let document = parse(Format::Markdown, &text, 0..text.len());
    parts(&document).into_iter().map(|p| p.title).collect()
}

#[test]
fn a_log_is_split_and_a_timeline_is_not() {
    let log = "# Log\n\n## 2025-11-03 (Mon) Disk full\n\nCause: files\n\n## 2025-11-11 (Tue, holiday) Queue stuck\n\nCause: a release\n";
    assert_eq!(titles(log), ["Disk full", "Queue stuck"]);
    let timeline = "# Report\n\n## Timeline\n\n### 2025-11-03\n\nIt broke.\n\n### 2025-11-04\n\nIt worked.\n";
    assert_eq!(titles(timeline), Vec::<String>::new());
    let bare = "# Log\n\n## 03.11.2025\n\nSummary: files\n\nSolution: a disk\n\n## 11.11.2025\n\nSummary: mail\n\nSolution: a queue\n";
    assert_eq!(titles(bare), ["03.11.2025", "11.11.2025"]);
    let past =
        "# Status\n\n## Past incidents\n\n### June 25, 2020\n\nMail was slow.\n\n### May 2, 2018\n\nMail was down.\n";
    assert_eq!(titles(past), ["June 25, 2020", "May 2, 2018"]);
    let one = "# Report\n\n## 2025-11-03 Disk full\n\nCause: files\n\n## Lessons\n\nMany.\n";
    assert_eq!(titles(one), Vec::<String>::new());
    let events =
        "# Report\n\n## 2025-11-03 10:00 Disk full\n\nImpact: all\n\n## 2025-11-04 11:00 Disk grown\n\nFix: a disk\n";
    assert_eq!(titles(events), Vec::<String>::new());
}

#[test]
fn short_notes_tell_from_when_to_when_something_failed() {
    let log = "# Week\n\n## September 10: Volumes\n\nBetween 14:00 and 15:10 UTC new volumes failed.\n\n\
               ## September 13: Mail\n\nFrom 02:12 until 02:31 UTC users saw errors.\n";
    assert_eq!(titles(log), ["Volumes", "Mail"]);
    let days = "# Report\n\n## September 10: calm\n\nWe slept.\n\n## September 11: busy\n\nWe looked.\n";
    assert_eq!(titles(days), Vec::<String>::new());
}

#[test]
fn a_review_is_split_by_lengths_numbers_and_labels() {
    let review = "# October\n\n## October 11 08:52 UTC (lasting 2 hours)\n\nJobs failed.\n\n\
                  ## October 24 20:05 UTC (lasting 43 minutes)\n\nSearch failed.\n";
    assert_eq!(titles(review), ["October 11 08:52 UTC (lasting 2 hours)", "October 24 20:05 UTC (lasting 43 minutes)"]);
    let numbered = "# Q3\n\n## INC-31: Mail down\n\nImpact: all\n\n## INC-32: Mail slow\n\nImpact: some\n";
    assert_eq!(titles(numbered), ["INC-31: Mail down", "INC-32: Mail slow"]);
    let labelled = "# Q3\n\n## Mail down\n\nDate: 3 July 2024\nDuration: 1 h\n\n## Mail slow\n\nDate: 9 July 2024\nDuration: 2 h\n";
    assert_eq!(titles(labelled), ["Mail down", "Mail slow"]);
    let ranges = "# Log\n\n## 2024-07-03 22:26 - 22:53\n\n- Cause: full pool\n- Impact: all\n\n## 2024-07-09 20:01 - 20:38\n\n- Cause: typo\n- Impact: some\n";
    assert_eq!(titles(ranges), ["2024-07-03 22:26 - 22:53", "2024-07-09 20:01 - 20:38"]);
}

#[test]
fn lines_that_open_with_a_date_and_a_name_are_split() {
    let leads = "# Incidents in April 2024\n\n**2 April 2024 – Search down.** From 10:00 to 10:45 UTC search failed.\n\n\
                 **9 April 2024 – Mail late.** Mail was late because of a full queue.\n";
    assert_eq!(titles(leads), ["Search down", "Mail late"]);
    let bullets = "# May 2024\n\n## Incidents\n\n- **2024-05-04 – Checkout errors**: from 18:02 to 18:40 checkouts failed.\n\
                   - 2024-05-13: Uploads were refused for two hours. A key had expired.\n\n\
                   ## Planned work\n\n- 2024-06-03: new switches\n- 2024-06-11: upgrade of the database\n";
    assert_eq!(titles(bullets), ["Checkout errors", "Uploads were refused for two hours"]);
    let nested = "# Incident summary\n\n- 2024-06-02: Database failover\n  - Duration: 25 minutes\n  - Cause: a full disk\n\
                  - 2024-06-17: DNS resolution failed\n  - Duration: 1 hour\n  - Cause: a wrong record\n";
    assert_eq!(titles(nested), ["Database failover", "DNS resolution failed"]);
    let clocks = "# Recent incidents\n\n**2024-11-02, 14:00–15:10 UTC: Payments failed**\n\nA card was full.\n\n\
                  **2024-11-15, 03:20–04:05 UTC: Tiles missing**\n\nA job deleted them.\n";
    assert_eq!(titles(clocks), ["Payments failed", "Tiles missing"]);
    let counted = "# Release 7\n\nThere were two outages of staging.\n\n## Timeline\n\n\
                   - **2024-02-01**: The disk of staging is full and deploys fail. A larger one helps.\n\
                   - **2024-02-09**: The host cannot be reached because its address was lost.\n";
    assert_eq!(
        titles(counted),
        ["The disk of staging is full and deploys fail", "The host cannot be reached because its address was lost"]
    );
}

#[test]
fn rows_of_a_table_of_incidents_are_split() {
    let table = "# Incidents\n\n| Date | Time (CET) | Duration (min) | Impact | Cause |\n|---|---|---|---|---|\n\
                 | 2024-04-02 | 10:00–10:45 | 45 | Search returned nothing | A full disk |\n\
                 | 2024-05-04 | 18:02–18:40 | 38 | Checkouts failed | A bad rule |\n";
    assert_eq!(titles(table), ["Search returned nothing", "Checkouts failed"]);
    let text: Arc<str> = table.into();
    let document = parse(Format::Markdown, &text, 0..text.len());
    let outlines: Vec<String> = parts(&document).iter().map(|p| p.document.outline()).collect();
    assert_eq!(
        outlines[1],
        "h1 \"Incidents\"\n  h5 \"Checkouts failed\"\n    tr0/2 \"date | 2024-05-04\"\n    \
         tr0/2 \"time | 18:02–18:40 CET\"\n    tr0/2 \"duration | 38 min\"\n    tr0/2 \"impact | Checkouts failed\"\n    \
         tr0/2 \"cause | A bad rule\"\n"
    );
}

#[test]
fn incidents_without_a_date_in_their_headings_are_split_where_several_are_announced() {
    let counted = "# October\n\nIn October we had two incidents.\n\n## Pushes failing\n\n\
                   On October 8, 2024, from 12:10 to 13:02 UTC pushes failed.\n\n## Mail late\n\n\
                   On October 21, 2024, from 08:00 to 10:30 UTC mail was late.\n\n## Closing words\n\nSee our page.\n";
    assert_eq!(titles(counted), ["Pushes failing", "Mail late"]);
    let days = "# Status\n\n## Past incidents\n\n### May 3, 2024\n\n#### Mail down\n\nMail failed.\n\n\
                ### May 2, 2024\n\n#### Search down\n\nSearch failed.\n\n#### Pages slow\n\nThey were slow.\n";
    assert_eq!(titles(days), ["Mail down", "Search down", "Pages slow"]);
    let months = "# Incidents 2024\n\n## March\n\n### 3 March: API down\n\nCause: a timeout\n\n## April\n\n\
                  ### 2 April: Search down\n\nCause: a disk\n\n### 9 April: Pages slow\n\nCause: an index\n";
    assert_eq!(titles(months), ["API down", "Search down", "Pages slow"]);
    let text: Arc<str> = months.into();
    let document = parse(Format::Markdown, &text, 0..text.len());
    let last = parts(&document).pop().unwrap();
    let above: Vec<&str> = last.document.headings(last.blocks.start).iter().map(|b| b.text.as_str()).collect();
    assert_eq!(above, ["Incidents 2024", "April"]);
}

#[test]
fn one_report_stays_one() {
    for text in [
        // The days of an incident.
        "# Storage outage\n\nImpact: all\n\n## Timeline\n\n**3 March 2024**\n\nFrom 09:12 to 10:00 reads failed.\n\n\
         **4 March 2024**\n\nFrom 08:00 to 11:00 a rack failed.\n\n## Root cause\n\nFirmware.\n",
        "# Postmortem\n\n## What happened\n\n### 2024-03-03 First errors\n\nFrom 09:00 to 10:00 writes failed.\n\n\
         ### 2024-03-04 The ledger stops\n\nCustomers could not pay from 12:00 to 14:30.\n\n## Root cause\n\nA bug.\n",
        "# How we lost a week\n\n**Monday, 3 June 2024.** A disk failed from 10:00 to 11:00.\n\n\
         **Tuesday, 4 June 2024.** The rebuild failed from 09:00 to 17:00.\n",
        // What is to be done.
        "# Checkout outage\n\nIt failed.\n\n## Action items\n\n| Date | Action | Impact | Duration |\n|---|---|---|---|\n\
         | 2024-05-10 | Alert on errors | high | 2 days |\n| 2024-05-20 | Write a runbook | low | 1 day |\n",
        // Updates.
        "# Mail problems\n\n**14 June 2024, 09:10 – Investigating**\n\nMail fails.\n\n\
         **17 June 2024, 08:30 – Resolved**\n\nThe outage lasted three days.\n",
        "# Builds degraded\n\nUpdates:\n\n- 2024-10-01: builds fail for 20 hours, we look\n- 2024-10-02: builds work\n",
        // Other incidents.
        "# Database outage on 12 August 2024\n\nIt was down from 10:00 to 11:30.\n\n## Previous incidents\n\n\
         ### 2024-03-03 Database outage\n\nDuration: 40 min. Cause: a disk.\n\n\
         ### 2024-05-21 Database slow\n\nDuration: 2 h. Cause: an index.\n",
        "# Login\n\n## Related incidents\n\n- **2024-01-12 – Login outage**: it lasted 30 minutes.\n\
         - **2024-04-02 – API outage**: it lasted an hour.\n",
        // What was hit.
        "# Network incident\n\nA cable was cut.\n\n| Service | Start | Duration | Impact |\n|---|---|---|---|\n\
         | API | 2024-07-01 08:00 | 4 h | all of it was unavailable |\n| Web | 2024-07-02 01:00 | 9 h | it was slow |\n",
        // Where to read of others.
        "# Postmortems\n\n- May 30th, 2024 - [Jobs failed for want of a disk](a.md)\n\
         - March 26th, 2024 - [Search failed after a release](b.md)\n",
        "# Incidents\n\n| Date | Title | Severity |\n|---|---|---|\n| 2024-03-01 | [Disk full](a.md) | 1 |\n\
         | 2024-02-11 | [DNS failure](b.md) | 2 |\n",
        "# Changelog\n\n## 2024-03-03 Version 2.4\n\n- Fixed a crash\n\n## 2024-04-02 Version 2.5\n\n- Fixed errors\n",
    ] {
        assert_eq!(titles(text), Vec::<String>::new(), "{text}");
    }
}
