INSERT INTO floor_schoolstep (school_id, number, region_id, municipality_id, state, part, whole, excused, mistakes,
  is_manual, planned_on, moved_on, since_on)
WITH facts AS (
  SELECT s.id, s.region_id, s.municipality_id,
    COALESCE(rh.n, 0) AS r_appointed, COALESCE(rh.c, 0) AS p1,
    CASE WHEN s.reconciled_on IS NULL THEN 0 ELSE 1 END AS p2,
    COALESCE(mh.n, 0) AS m_appointed, COALESCE(mh.c, 0) AS p3,
    COALESCE(sh.n, 0) AS s_appointed, COALESCE(sh.c, 0) AS p4,
    COALESCE(st.n, 0) AS teachers, COALESCE(s.declared_teachers, 0) AS declared_teachers, COALESCE(up.n, 0) AS waiting,
    COALESCE(k.n, 0) AS entered, COALESCE(k.led, 0) AS led, GREATEST(COALESCE(s.declared_classes, 0), COALESCE(k.n, 0)) AS classes,
    COALESCE(p.n, 0) AS pupils, COALESCE(p.represented, 0) AS represented, COALESCE(p.declined, 0) AS declined,
    COALESCE(s.declared_pupils, 0) AS declared_pupils, GREATEST(COALESCE(s.declared_pupils, 0), COALESCE(p.n, 0)) AS all_pupils,
    COALESCE(w.uses, 0) AS uses,
    COALESCE(f.n, 0) + CASE WHEN w.active_chats > 0 AND COALESCE(f.chats, 0) = 0 THEN 1 ELSE 0 END AS functions
  FROM schools_school s
  LEFT JOIN (SELECT a.region_id AS id, count(*) AS n, max(CASE WHEN u.last_login IS NULL AND u.seen_on IS NULL THEN 0 ELSE 1 END) AS c
    FROM schools_appointment a JOIN schools_user u ON u.id = a.user_id AND u.is_active
    WHERE a.level = 2 AND a.starts_on <= %(today)s AND (a.ends_on IS NULL OR a.ends_on >= %(today)s) GROUP BY 1) rh ON rh.id = s.region_id
  LEFT JOIN (SELECT a.municipality_id AS id, count(*) AS n, max(CASE WHEN u.last_login IS NULL AND u.seen_on IS NULL THEN 0 ELSE 1 END) AS c
    FROM schools_appointment a JOIN schools_user u ON u.id = a.user_id AND u.is_active
    WHERE a.level = 3 AND a.starts_on <= %(today)s AND (a.ends_on IS NULL OR a.ends_on >= %(today)s) GROUP BY 1) mh ON mh.id = s.municipality_id
  LEFT JOIN (SELECT a.school_id AS id, count(*) AS n, max(CASE WHEN u.last_login IS NULL AND u.seen_on IS NULL THEN 0 ELSE 1 END) AS c
    FROM schools_appointment a JOIN schools_user u ON u.id = a.user_id AND u.is_active
    WHERE a.level = 4 AND a.starts_on <= %(today)s AND (a.ends_on IS NULL OR a.ends_on >= %(today)s) GROUP BY 1) sh ON sh.id = s.id
  LEFT JOIN (SELECT school_id AS id, count(*) AS n FROM staff_staffmember
    WHERE is_teacher AND (hired_on IS NULL OR hired_on <= %(today)s) AND (left_on IS NULL OR left_on > %(today)s) GROUP BY 1) st ON st.id = s.id
  LEFT JOIN (SELECT school_id AS id, sum(COALESCE((summary ->> 'waiting')::integer, 0)) AS n
    FROM staff_staffimport WHERE stage = 'planned' GROUP BY 1) up ON up.id = s.id
  LEFT JOIN (SELECT k.school_id AS id, count(*) AS n, count(*) FILTER (WHERE EXISTS (
      SELECT FROM staff_classteacher t JOIN staff_staffmember m ON m.id = t.staff_id
      WHERE t.school_class_id = k.id AND (m.left_on IS NULL OR m.left_on > %(today)s))) AS led
    FROM schools_schoolclass k WHERE k.year = %(school_year)s GROUP BY 1) k ON k.id = s.id
  LEFT JOIN (SELECT p.school_id AS id, count(*) AS n, count(*) FILTER (WHERE g.registered > 0) AS represented,
      count(*) FILTER (WHERE g.registered = 0 AND g.declined = g.named) AS declined
    FROM schools_pupil p LEFT JOIN (SELECT pupil_id, count(*) AS named, count(registered_on) AS registered,
      count(declined_on) AS declined FROM schools_guardianship GROUP BY 1) g ON g.pupil_id = p.id
    WHERE (p.enrolled_on IS NULL OR p.enrolled_on <= %(today)s) AND (p.left_on IS NULL OR p.left_on > %(today)s) GROUP BY 1) p ON p.id = s.id
  LEFT JOIN reports_schoolweek w ON w.rating_id = %(rating)s AND w.platform = 1 AND w.school_id = s.id
  LEFT JOIN (SELECT school_id AS id, count(*) AS n, max(CASE WHEN function = 3 THEN 1 ELSE 0 END) AS chats
    FROM schools_functionuse WHERE mastered_on <= %(today)s GROUP BY 1) f ON f.id = s.id
  WHERE s.kind = ANY(%(kinds)s) AND s.excluded_because = '' AND (s.opened_on IS NULL OR s.opened_on <= %(today)s)
    AND (s.closed_on IS NULL OR s.closed_on > %(today)s)
), proved AS (
  SELECT facts.*, declared_teachers > 0 AND teachers * 100 >= 95 * declared_teachers AND waiting = 0 AS p5,
    classes > 0 AND led >= classes AS p6,
    pupils > 0 AND (all_pupils = declined OR represented * 100 >= 80 * (all_pupils - declined)) AS p7,
    declared_pupils > 0 AND pupils * 100 >= 95 * declared_pupils AS p8, uses = 1 AND functions >= 3 AS p9,
    municipality_id IS NULL OR p3 = 1 AS free3
  FROM facts
)
SELECT id, x.number, region_id, municipality_id,
  CASE WHEN x.number = 3 AND municipality_id IS NULL THEN 0 WHEN x.proved THEN 5 WHEN NOT x.started AND x.waits THEN 1
    WHEN x.started THEN 3 ELSE 2 END,
  x.part, x.whole, x.excused, x.mistakes, false, NULL, %(today)s, %(today)s
FROM proved CROSS JOIN LATERAL (VALUES
  (1, p1, 1, 0::bigint, 0::bigint, r_appointed > 0, p1 = 1, false), (2, p2, 1, 0, 0, false, p2 = 1, p1 = 0),
  (3, p3, 1, 0, 0, m_appointed > 0, p3 = 1, p1 = 0), (4, p4, 1, 0, 0, s_appointed > 0, p4 = 1, NOT free3),
  (5, teachers, declared_teachers, 0, waiting, teachers + waiting > 0, p5, p4 = 0), (6, led, classes, 0, 0, entered > 0, p6, p4 = 0),
  (7, represented, all_pupils, declined, 0, represented + declined > 0, p7, NOT p6), (8, pupils, declared_pupils, 0, 0, pupils > 0, p8, NOT p6),
  (9, uses + functions, 7, 0, 0, uses + functions > 0, p9, NOT p5 OR NOT p6)
) x(number, part, whole, excused, mistakes, started, proved, waits)
