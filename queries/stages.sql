-- title: Where the time goes
-- purpose: Of incidents with all milestones, how is the time split between noticing, understanding and mending?
SELECT
  id,
  date,
  ttd_minutes AS to_detect_minutes,
  tti_minutes - ttd_minutes AS detected_to_identified_minutes,
  ttm_minutes - tti_minutes AS identified_to_mitigated_minutes,
  ttr_minutes - ttm_minutes AS mitigated_to_resolved_minutes,
  ttr_minutes
FROM incidents
WHERE same_as IS NULL AND ttd_minutes IS NOT NULL AND tti_minutes >= ttd_minutes AND ttm_minutes >= tti_minutes AND ttr_minutes >= ttm_minutes
ORDER BY ttr_minutes DESC, id
