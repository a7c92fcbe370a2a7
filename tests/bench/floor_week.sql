-- The floor of counting a week: hand-written SQL over the portal's tables into floor_schoolweek, floor_ratingrow
-- and floor_ratingplace.
-- PostgreSQL and SQLite both read it; SET is for PostgreSQL alone.
-- Parameters: week, sunday, school_year; the rule of use and the small number (5) stand here as they do by default.
-- floor_ratingrow holds the week before as rating 1; this week becomes rating 2.
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';
SET LOCAL random_page_cost = 1.1;
SET LOCAL enable_nestloop = off;

INSERT INTO floor_schoolweek (rating_id, platform, school_id, municipality_id, region_id, in_scope, declared_teachers, staff,
  teachers, names_in_order, profiles, confirmed, active, active_all, classes, classes_with_chat, chats, active_chats,
  administrators, registered, filled, uses)
SELECT 2, platform, school_id, municipality_id, region_id, 1, declared_teachers, staff, teachers, names_in_order, profiles,
  confirmed, active, active_all, classes, classes_with_chat, chats, active_chats, administrators, registered,
  CASE WHEN registered = 1 AND teachers > 0 AND confirmed * 1000 >= 800 * teachers
    AND (platform = 2 OR (classes > 0 AND classes_with_chat >= classes)) THEN 1 ELSE 0 END,
  CASE WHEN active IS NULL OR (platform = 1 AND active_chats IS NULL) THEN NULL
    WHEN registered = 1 AND active >= 1 AND (platform = 2 OR active_chats >= 1) THEN 1 ELSE 0 END
FROM (
  SELECT p.platform, s.id AS school_id, s.municipality_id, s.region_id, s.declared_teachers,
    m.staff, m.teachers, m.names_in_order,
    CASE WHEN m.school_id IS NOT NULL THEN COALESCE(a.profiles, 0) END AS profiles,
    CASE WHEN m.school_id IS NOT NULL THEN COALESCE(a.confirmed, 0) END AS confirmed,
    CASE WHEN v.school_id IS NOT NULL THEN COALESCE(t.active, 0) END AS active,
    CASE WHEN v.school_id IS NOT NULL THEN COALESCE(t.active_all, 0) END AS active_all,
    COALESCE(k.classes, 0) AS classes, COALESCE(w.classes_with_chat, 0) AS classes_with_chat, COALESCE(c.chats, 0) AS chats,
    CASE WHEN v.has_chats THEN COALESCE(h.active_chats, 0) END AS active_chats,
    COALESCE(d.administrators, 0) AS administrators,
    CASE WHEN r.school_id IS NOT NULL AND d.administrators > 0 THEN 1 ELSE 0 END AS registered
  FROM schools_school s
  CROSS JOIN (SELECT 1 AS platform UNION ALL SELECT 2) p
  LEFT JOIN (
    SELECT school_id, count(*) AS staff, count(*) FILTER (WHERE is_teacher) AS teachers,
      count(*) FILTER (WHERE name_issue = '') AS names_in_order
    FROM staff_staffmember
    WHERE COALESCE(hired_on, known_on, %(sunday)s) <= %(sunday)s AND (left_on IS NULL OR left_on > %(sunday)s) GROUP BY school_id
  ) m ON m.school_id = s.id
  LEFT JOIN (
    SELECT school_id, platform, count(*) AS profiles, count(*) FILTER (WHERE confirmed_on <= %(sunday)s) AS confirmed
    FROM staff_staffaccount
    WHERE is_teacher AND profile_on <= %(sunday)s AND (closed_on IS NULL OR closed_on > %(sunday)s)
    GROUP BY school_id, platform
  ) a ON a.school_id = s.id AND a.platform = p.platform
  LEFT JOIN (
    SELECT platform, school_id, count(*) AS active_all, count(*) FILTER (WHERE is_teacher) AS active
    FROM reports_staffactivity
    WHERE week = %(week)s AND CASE platform WHEN 1 THEN messages + calls ELSE logins END > 0 GROUP BY platform, school_id
  ) t ON t.school_id = s.id AND t.platform = p.platform
  LEFT JOIN (SELECT school_id, platform, has_chats FROM reports_activitycoverage WHERE week = %(week)s) v
    ON v.school_id = s.id AND v.platform = p.platform
  LEFT JOIN (SELECT school_id, count(*) AS classes FROM schools_schoolclass WHERE year = %(school_year)s GROUP BY school_id) k
    ON k.school_id = s.id
  LEFT JOIN (
    SELECT k.school_id, CASE WHEN c.channel < 3 THEN 1 ELSE 2 END AS platform, count(DISTINCT k.id) AS classes_with_chat
    FROM chats_chat c JOIN schools_schoolclass k ON k.id = c.school_class_id AND k.year = %(school_year)s
    WHERE c.use_case IN (14, 15) AND c.opened_on <= %(sunday)s AND (c.closed_on IS NULL OR c.closed_on > %(sunday)s)
    GROUP BY 1, 2
  ) w ON w.school_id = s.id AND w.platform = p.platform
  LEFT JOIN (
    SELECT school_id, CASE WHEN channel < 3 THEN 1 ELSE 2 END AS platform, count(*) AS chats FROM chats_chat
    WHERE opened_on <= %(sunday)s AND (closed_on IS NULL OR closed_on > %(sunday)s) GROUP BY 1, 2
  ) c ON c.school_id = s.id AND c.platform = p.platform
  LEFT JOIN (
    SELECT a.school_id, CASE WHEN c.channel < 3 THEN 1 ELSE 2 END AS platform, count(*) AS active_chats
    FROM reports_chatactivity a JOIN chats_chat c ON c.id = a.chat_id WHERE a.week = %(week)s AND a.messages > 0 GROUP BY 1, 2
  ) h ON h.school_id = s.id AND h.platform = p.platform
  LEFT JOIN (
    SELECT school_id, count(*) AS administrators FROM schools_appointment
    WHERE level = 4 AND starts_on <= %(sunday)s AND (ends_on IS NULL OR ends_on >= %(sunday)s) GROUP BY school_id
  ) d ON d.school_id = s.id
  LEFT JOIN (
    SELECT school_id, platform FROM schools_schoolregistration
    WHERE registered_on <= %(sunday)s AND (closed_on IS NULL OR closed_on > %(sunday)s)
  ) r ON r.school_id = s.id AND r.platform = p.platform
  WHERE s.kind IN ('school', 'gymnasium', 'lyceum', 'boarding', 'cadet', 'evening', 'special') AND s.excluded_because = ''
    AND (s.opened_on IS NULL OR s.opened_on <= %(sunday)s) AND (s.closed_on IS NULL OR s.closed_on > %(sunday)s)
) counted;

INSERT INTO floor_ratingrow (rating_id, indicator, level, place_id, region_id, municipality_id, part, whole, schools, missing,
  rank, ranked, local_rank, local_ranked, part_before, whole_before, rank_before, local_rank_before)
SELECT 2, r.indicator, 4, r.school_id, r.region_id, r.municipality_id, r.part, r.whole, CASE WHEN r.part IS NULL THEN 0 ELSE 1 END,
  CASE WHEN r.part IS NULL THEN 1 ELSE 0 END,
  CASE WHEN r.score IS NOT NULL THEN r.rank END, CASE WHEN r.score IS NOT NULL THEN r.ranked END,
  CASE WHEN r.score IS NOT NULL THEN r.local_rank END, CASE WHEN r.score IS NOT NULL THEN r.local_ranked END,
  b.part, b.whole, b.rank, b.local_rank
FROM (
  SELECT scored.*, rank() OVER large AS rank, count(score) OVER (PARTITION BY indicator, region_id) AS ranked,
    rank() OVER small AS local_rank, count(score) OVER (PARTITION BY indicator, region_id, municipality_id) AS local_ranked
  FROM (
  SELECT *, CASE WHEN indicator <> 3 AND whole >= 5 THEN CAST(part AS double precision) / whole END AS score
  FROM (
    SELECT 1 AS indicator, school_id, region_id, municipality_id, CASE WHEN declared_teachers IS NOT NULL THEN active END AS part,
      CASE WHEN active IS NOT NULL THEN declared_teachers END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 2 AS indicator, school_id, region_id, municipality_id, CASE WHEN declared_teachers IS NOT NULL THEN profiles END AS part,
      CASE WHEN profiles IS NOT NULL THEN declared_teachers END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 3 AS indicator, school_id, region_id, municipality_id, uses AS part,
      CASE WHEN uses IS NOT NULL THEN in_scope END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 4 AS indicator, school_id, region_id, municipality_id, confirmed AS part,
      profiles AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 5 AS indicator, school_id, region_id, municipality_id, names_in_order AS part,
      staff AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 6 AS indicator, school_id, region_id, municipality_id, CASE WHEN declared_teachers IS NOT NULL THEN active END AS part,
      CASE WHEN active IS NOT NULL THEN declared_teachers END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 2
  ) values_of_schools
  ) scored
  WINDOW large AS (PARTITION BY indicator, region_id ORDER BY score DESC NULLS LAST),
    small AS (PARTITION BY indicator, region_id, municipality_id ORDER BY score DESC NULLS LAST)
) r
LEFT JOIN floor_ratingrow b ON b.rating_id = 1 AND b.indicator = r.indicator AND b.level = 4 AND b.place_id = r.school_id;

INSERT INTO floor_ratingrow (rating_id, indicator, level, place_id, region_id, municipality_id, part, whole, schools, missing,
  rank, ranked, part_before, whole_before, rank_before)
WITH base AS (
  SELECT indicator, region_id, municipality_id, sum(part) AS part, sum(whole) AS whole, sum(schools) AS schools,
    sum(missing) AS missing
  FROM floor_ratingrow WHERE rating_id = 2 AND level = 4 GROUP BY indicator, region_id, municipality_id
), places AS (
  SELECT indicator, 3 AS level, municipality_id AS place_id, region_id, municipality_id, part, whole, schools, missing
  FROM base WHERE municipality_id IS NOT NULL
  UNION ALL
  SELECT indicator, 2, region_id, region_id, NULL, sum(part), sum(whole), sum(schools), sum(missing) FROM base
  GROUP BY indicator, region_id
  UNION ALL
  SELECT indicator, 1, 0, NULL, NULL, sum(part), sum(whole), sum(schools), sum(missing) FROM base GROUP BY indicator
), scored AS (
  SELECT *, CASE WHEN level > 1 AND whole >= CASE indicator WHEN 3 THEN 1 ELSE 5 END THEN CAST(part AS double precision) / whole END AS score
  FROM places
)
SELECT 2, r.indicator, r.level, r.place_id, r.region_id, r.municipality_id, r.part, r.whole, r.schools, r.missing,
  CASE WHEN score IS NOT NULL THEN rank() OVER (
    PARTITION BY r.indicator, r.level, CASE r.level WHEN 3 THEN r.region_id END ORDER BY score DESC NULLS LAST) END,
  CASE WHEN score IS NOT NULL THEN count(score) OVER (
    PARTITION BY r.indicator, r.level, CASE r.level WHEN 3 THEN r.region_id END) END,
  b.part, b.whole, b.rank
FROM scored r
LEFT JOIN floor_ratingrow b ON b.rating_id = 1 AND b.indicator = r.indicator AND b.level = r.level AND b.place_id = r.place_id;

INSERT INTO floor_ratingplace (rating_id, level, place_id, code, name)
SELECT 2, 4, s.id, s.code, s.short_name FROM schools_school s
JOIN floor_ratingrow r ON r.rating_id = 2 AND r.indicator = 1 AND r.level = 4 AND r.place_id = s.id
UNION ALL
SELECT 2, 3, m.id, '', m.name FROM schools_municipality m
JOIN floor_ratingrow r ON r.rating_id = 2 AND r.indicator = 1 AND r.level = 3 AND r.place_id = m.id
UNION ALL
SELECT 2, 2, g.id, g.code, g.short_name FROM schools_region g
JOIN floor_ratingrow r ON r.rating_id = 2 AND r.indicator = 1 AND r.level = 2 AND r.place_id = g.id;
