-- title: Incidents between two dates
-- purpose: What happened in a period that is no calendar quarter?
-- param: from DATE 2025-01-01 first date
-- param: to DATE 2025-12-31 last date
SELECT id, date, org, severity, title, trigger, detection, ttd_minutes, ttr_minutes
FROM incidents
WHERE date >= :from AND date <= :to
ORDER BY date, id
