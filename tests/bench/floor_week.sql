-- The floor of counting a week: hand-written SQL over the portal's tables into floor_schoolweek, floor_ratingrow,
-- floor_ratingplace and floor_caseweek.
-- PostgreSQL and SQLite both read it; SET is for PostgreSQL alone.
-- Parameters: week, sunday, school_year, month_ago, quarter; the rule of use and the small number (5) stand here as they do by default.
-- floor_positions and floor_subjects tell the roles and associations of texts (bits), as chats.roles reads them; seasons
-- of the 27 cases are those of 22 November.
-- floor_ratingrow holds the week before as rating 1; this week becomes rating 2.
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';
SET LOCAL random_page_cost = 1.1;
SET LOCAL enable_nestloop = off;

CREATE TEMPORARY TABLE floor_cases AS
SELECT school_id, e_1, e_2, e_3, e_4, e_5, e_6, e_7, e_8, e_9, e_10, e_12, e_13, e_14, e_15, e_16, e_17, e_18, e_19, e_20,
  e_21, e_22, e_23, e_26, e_27, CASE WHEN e_1 > 0 THEN p_1 ELSE 0 END AS p_1,
  CASE WHEN e_2 > 0 THEN p_2 ELSE 0 END AS p_2, CASE WHEN e_3 > 0 THEN p_3 ELSE 0 END AS p_3,
  CASE WHEN e_4 > 0 THEN p_4 ELSE 0 END AS p_4, CASE WHEN e_5 > 0 THEN p_5 ELSE 0 END AS p_5,
  CASE WHEN e_6 > 0 THEN p_6 ELSE 0 END AS p_6, CASE WHEN e_7 > 0 THEN p_7 ELSE 0 END AS p_7,
  CASE WHEN e_8 > 0 THEN p_8 ELSE 0 END AS p_8, CASE WHEN e_9 > 0 THEN p_9 ELSE 0 END AS p_9,
  CASE WHEN e_10 > 0 THEN p_10 ELSE 0 END AS p_10, CASE WHEN e_12 > 0 THEN p_12 ELSE 0 END AS p_12,
  CASE WHEN e_13 > 0 THEN p_13 ELSE 0 END AS p_13, CASE WHEN e_14 > 0 THEN p_14 ELSE 0 END AS p_14,
  CASE WHEN e_15 > 0 THEN p_15 ELSE 0 END AS p_15, CASE WHEN e_16 > 0 THEN p_16 ELSE 0 END AS p_16,
  CASE WHEN e_17 > 0 THEN p_17 ELSE 0 END AS p_17, CASE WHEN e_18 > 0 THEN p_18 ELSE 0 END AS p_18,
  CASE WHEN e_19 > 0 THEN p_19 ELSE 0 END AS p_19, CASE WHEN e_20 > 0 THEN p_20 ELSE 0 END AS p_20,
  CASE WHEN e_21 > 0 THEN p_21 ELSE 0 END AS p_21, CASE WHEN e_22 > 0 THEN p_22 ELSE 0 END AS p_22,
  CASE WHEN e_23 > 0 THEN p_23 ELSE 0 END AS p_23, CASE WHEN e_26 > 0 THEN p_26 ELSE 0 END AS p_26,
  CASE WHEN e_27 > 0 THEN p_27 ELSE 0 END AS p_27
FROM (
SELECT s.id AS school_id,
  CASE WHEN h.n1 >= 2 THEN 1 ELSE 0 END AS e_1, COALESCE(t.c1, 0) AS p_1,
  CASE WHEN COALESCE(h.enough, 0) >= 2 THEN 1 ELSE 0 END AS e_2, COALESCE(t.c2, 0) AS p_2,
  CASE WHEN h.n3 >= 2 THEN 1 ELSE 0 END AS e_3, COALESCE(t.c3, 0) AS p_3,
  COALESCE(o.o4, 0) AS e_4, COALESCE(t.c4, 0) AS p_4,
  COALESCE(h.enough, 0) AS e_5,
  COALESCE(CASE WHEN h.a1 >= 3 THEN t.c5_1 END, 0) + COALESCE(CASE WHEN h.a2 >= 3 THEN t.c5_2 END, 0)
    + COALESCE(CASE WHEN h.a3 >= 3 THEN t.c5_3 END, 0) + COALESCE(CASE WHEN h.a4 >= 3 THEN t.c5_4 END, 0)
    + COALESCE(CASE WHEN h.a5 >= 3 THEN t.c5_5 END, 0) + COALESCE(CASE WHEN h.a6 >= 3 THEN t.c5_6 END, 0)
    + COALESCE(CASE WHEN h.a7 >= 3 THEN t.c5_7 END, 0) AS p_5,
  CASE WHEN h.n6 >= 2 THEN 1 ELSE 0 END AS e_6, COALESCE(t.c6, 0) AS p_6,
  CASE WHEN h.n7 >= 2 THEN 1 ELSE 0 END AS e_7, COALESCE(t.c7, 0) AS p_7,
  CASE WHEN h.n8 >= 2 THEN 1 ELSE 0 END AS e_8, COALESCE(t.c8, 0) AS p_8,
  CASE WHEN h.n9 >= 2 THEN 1 ELSE 0 END AS e_9, COALESCE(t.c9, 0) AS p_9,
  CASE WHEN h.n10 >= 2 THEN 1 ELSE 0 END AS e_10, COALESCE(t.c10, 0) AS p_10,
  CASE WHEN h.n12 >= 2 THEN 1 ELSE 0 END AS e_12, COALESCE(t.c12, 0) AS p_12,
  1 AS e_13, COALESCE(t.c13, 0) AS p_13,
  COALESCE(k.from_5, 0) AS e_14, COALESCE(w.c14, 0) AS p_14,
  COALESCE(k.of_any, 0) AS e_15, COALESCE(w.c15, 0) AS p_15,
  COALESCE(o.o16 * k.of_any, 0) AS e_16, COALESCE(w.c16, 0) AS p_16,
  COALESCE(o.o17 * k.of_any, 0) AS e_17, COALESCE(w.c17, 0) AS p_17,
  CASE WHEN k.of_any > 0 THEN 1 ELSE 0 END AS e_18, COALESCE(t.c18, 0) AS p_18,
  CASE WHEN k.from_5 > 0 THEN 1 ELSE 0 END AS e_19, COALESCE(t.c19, 0) AS p_19,
  CASE WHEN h.n20 >= 2 THEN 1 ELSE 0 END AS e_20, COALESCE(t.c20, 0) AS p_20,
  CASE WHEN k.of_exams > 0 THEN 1 ELSE 0 END AS e_21, COALESCE(t.c21, 0) AS p_21,
  CASE WHEN k.of_exams > 0 THEN 1 ELSE 0 END AS e_22, COALESCE(t.c22, 0) AS p_22,
  COALESCE(o.o23, 0) AS e_23, COALESCE(t.c23, 0) AS p_23,
  COALESCE(o.o26, 0) AS e_26, COALESCE(t.c26, 0) AS p_26,
  COALESCE(o.o27, 0) AS e_27, COALESCE(t.c27, 0) AS p_27
FROM schools_school s
LEFT JOIN (
  SELECT *, CASE WHEN a1 >= 3 THEN 1 ELSE 0 END + CASE WHEN a2 >= 3 THEN 1 ELSE 0 END + CASE WHEN a3 >= 3 THEN 1 ELSE 0 END
    + CASE WHEN a4 >= 3 THEN 1 ELSE 0 END + CASE WHEN a5 >= 3 THEN 1 ELSE 0 END + CASE WHEN a6 >= 3 THEN 1 ELSE 0 END
    + CASE WHEN a7 >= 3 THEN 1 ELSE 0 END AS enough
  FROM (
    SELECT school_id, sum(n) FILTER (WHERE roles & 3 > 0) AS n1, sum(n) FILTER (WHERE roles & 260 > 0) AS n3,
      sum(n) FILTER (WHERE roles & 1040 > 0) AS n6, sum(n) FILTER (WHERE roles & 16392 > 0) AS n7,
      sum(n) FILTER (WHERE roles & 2056 > 0) AS n8, sum(n) FILTER (WHERE roles & 4096 > 0) AS n9,
      sum(n) FILTER (WHERE roles & 576 > 0) AS n10, sum(n) FILTER (WHERE roles & 8224 > 0) AS n12,
      sum(n) FILTER (WHERE roles & 256 > 0) AS n20,
      sum(n) FILTER (WHERE areas & 2 > 0) AS a1, sum(n) FILTER (WHERE areas & 4 > 0) AS a2,
      sum(n) FILTER (WHERE areas & 8 > 0) AS a3, sum(n) FILTER (WHERE areas & 16 > 0) AS a4,
      sum(n) FILTER (WHERE areas & 32 > 0) AS a5, sum(n) FILTER (WHERE areas & 64 > 0) AS a6,
      sum(n) FILTER (WHERE areas & 128 > 0) AS a7
    FROM (
      SELECT school_id, roles, areas, count(*) AS n FROM (
        SELECT m.school_id,
          COALESCE(p.roles, 0) | COALESCE(j.roles, 0) | CASE WHEN m.id IN (
            SELECT t.staff_id FROM staff_classteacher t
            JOIN schools_schoolclass k ON k.id = t.school_class_id AND k.year = %(school_year)s
          ) THEN 16384 ELSE 0 END AS roles,
          CASE WHEN COALESCE(p.roles, 0) & 256 > 0 THEN COALESCE(p.areas, 0) | COALESCE(j.areas, 0) ELSE 0 END AS areas
        FROM staff_staffmember m
        LEFT JOIN floor_positions p ON p.text = m.position
        LEFT JOIN floor_subjects j ON j.text = m.subjects
        WHERE COALESCE(hired_on, known_on, %(sunday)s) <= %(sunday)s AND (left_on IS NULL OR left_on > %(sunday)s)
      ) told GROUP BY school_id, roles, areas
    ) alike GROUP BY school_id
  ) counted
) h ON h.school_id = s.id
LEFT JOIN (
  SELECT school_id, count(*) AS of_any, count(*) FILTER (WHERE grade >= 5) AS from_5,
    count(*) FILTER (WHERE grade IN (9, 11)) AS of_exams
  FROM schools_schoolclass WHERE year = %(school_year)s GROUP BY school_id
) k ON k.school_id = s.id
LEFT JOIN (
  SELECT k.school_id, count(DISTINCT k.id) FILTER (WHERE use_case = 14 AND grade >= 5) AS c14,
    count(DISTINCT k.id) FILTER (WHERE use_case = 15) AS c15, count(DISTINCT k.id) FILTER (WHERE use_case = 16) AS c16,
    count(DISTINCT k.id) FILTER (WHERE use_case = 17) AS c17
  FROM chats_chat c JOIN schools_schoolclass k ON k.id = c.school_class_id AND k.school_id = c.school_id AND k.year = %(school_year)s
  WHERE c.opened_on <= %(sunday)s AND (c.closed_on IS NULL OR c.closed_on > %(sunday)s) AND c.channel <> 9
  GROUP BY k.school_id
) w ON w.school_id = s.id
LEFT JOIN (
  SELECT school_id, max(CASE WHEN use_case = 1 THEN 1 ELSE 0 END) AS c1, max(CASE WHEN use_case = 2 THEN 1 ELSE 0 END) AS c2,
    max(CASE WHEN use_case = 3 THEN 1 ELSE 0 END) AS c3, max(CASE WHEN use_case = 4 THEN 1 ELSE 0 END) AS c4,
    max(CASE WHEN use_case = 6 THEN 1 ELSE 0 END) AS c6, max(CASE WHEN use_case = 7 THEN 1 ELSE 0 END) AS c7,
    max(CASE WHEN use_case = 8 THEN 1 ELSE 0 END) AS c8, max(CASE WHEN use_case = 9 THEN 1 ELSE 0 END) AS c9,
    max(CASE WHEN use_case = 10 THEN 1 ELSE 0 END) AS c10,
    max(CASE WHEN use_case = 12 THEN 1 ELSE 0 END) AS c12,
    max(CASE WHEN use_case = 13 THEN 1 ELSE 0 END) AS c13,
    max(CASE WHEN use_case = 18 THEN 1 ELSE 0 END) AS c18,
    max(CASE WHEN use_case = 19 THEN 1 ELSE 0 END) AS c19,
    max(CASE WHEN use_case = 20 THEN 1 ELSE 0 END) AS c20,
    max(CASE WHEN use_case = 21 THEN 1 ELSE 0 END) AS c21,
    max(CASE WHEN use_case = 22 THEN 1 ELSE 0 END) AS c22,
    max(CASE WHEN use_case = 23 THEN 1 ELSE 0 END) AS c23,
    max(CASE WHEN use_case = 26 THEN 1 ELSE 0 END) AS c26,
    max(CASE WHEN use_case = 27 THEN 1 ELSE 0 END) AS c27,
    max(CASE WHEN use_case = 5 AND area = 1 THEN 1 ELSE 0 END) AS c5_1,
    max(CASE WHEN use_case = 5 AND area = 2 THEN 1 ELSE 0 END) AS c5_2,
    max(CASE WHEN use_case = 5 AND area = 3 THEN 1 ELSE 0 END) AS c5_3,
    max(CASE WHEN use_case = 5 AND area = 4 THEN 1 ELSE 0 END) AS c5_4,
    max(CASE WHEN use_case = 5 AND area = 5 THEN 1 ELSE 0 END) AS c5_5,
    max(CASE WHEN use_case = 5 AND area = 6 THEN 1 ELSE 0 END) AS c5_6,
    max(CASE WHEN use_case = 5 AND area = 7 THEN 1 ELSE 0 END) AS c5_7
  FROM chats_chat WHERE opened_on <= %(sunday)s AND (closed_on IS NULL OR closed_on > %(sunday)s) AND channel <> 9
  GROUP BY school_id
) t ON t.school_id = s.id
LEFT JOIN (
  SELECT school_id, max(CASE WHEN use_case = 4 THEN 1 ELSE 0 END) AS o4,
    max(CASE WHEN use_case = 16 THEN 1 ELSE 0 END) AS o16,
    max(CASE WHEN use_case = 17 THEN 1 ELSE 0 END) AS o17,
    max(CASE WHEN use_case = 23 THEN 1 ELSE 0 END) AS o23,
    max(CASE WHEN use_case = 26 THEN 1 ELSE 0 END) AS o26,
    max(CASE WHEN use_case = 27 THEN 1 ELSE 0 END) AS o27
  FROM chats_chosencase GROUP BY school_id
) o ON o.school_id = s.id
WHERE s.kind IN ('school', 'gymnasium', 'lyceum', 'boarding', 'cadet', 'evening', 'special') AND s.excluded_because = ''
  AND (s.opened_on IS NULL OR s.opened_on <= %(sunday)s) AND (s.closed_on IS NULL OR s.closed_on > %(sunday)s)
) told;

CREATE TEMPORARY TABLE floor_sums AS
SELECT school_id, e_1 + e_2 + e_3 + e_4 + e_5 + e_6 + e_7 + e_8 + e_9 + e_10 + e_12 + e_13 AS staff_e,
  e_14 + e_15 + e_16 + e_17 + e_18 + e_19 + e_20 + e_21 AS family_e, e_22 + e_23 + e_26 + e_27 AS project_e,
  p_1 + p_2 + p_3 + p_4 + p_5 + p_6 + p_7 + p_8 + p_9 + p_10 + p_12 + p_13 AS staff_p,
  p_14 + p_15 + p_16 + p_17 + p_18 + p_19 + p_20 + p_21 AS family_p, p_22 + p_23 + p_26 + p_27 AS project_p
FROM floor_cases;

INSERT INTO floor_schoolweek (rating_id, platform, school_id, municipality_id, region_id, in_scope, declared_teachers, staff,
  teachers, names_in_order, profiles, confirmed, active, active_all, classes, classes_with_chat, chats, active_chats,
  administrators, chats_expected, chats_present, staff_chats_expected, staff_chats_present, family_chats_expected,
  family_chats_present, project_chats_expected, project_chats_present, registered, filled, uses, all_chats_present,
  on_platform, declared_pupils, pupils, pupils_represented, steps_due, steps_done, community_active,
  op_registered, op_teachers, op_profiles, op_confirmed, op_active, op_classes, op_classes_with_chat,
  op_pupils_registered, op_pupils_active, op_guardians, op_linked, op_library, op_tests, op_files,
  op_diary, op_tv, op_community, op_posts, op_logins, op_pupil_logins)
SELECT 2, platform, school_id, municipality_id, region_id, 1, declared_teachers, staff, teachers, names_in_order, profiles,
  confirmed, active, active_all, classes, classes_with_chat, chats, active_chats, administrators,
  staff_e + family_e + project_e, staff_p + family_p + project_p, staff_e, staff_p, family_e, family_p, project_e, project_p,
  registered,
  CASE WHEN registered = 1 AND teachers > 0 AND confirmed * 1000 >= 800 * teachers
    AND (platform = 2 OR (classes > 0 AND classes_with_chat >= classes)) THEN 1 ELSE 0 END,
  CASE WHEN active IS NULL OR (platform = 1 AND active_chats IS NULL) THEN NULL
    WHEN registered = 1 AND active >= 1 AND (platform = 2 OR active_chats >= 1) THEN 1 ELSE 0 END,
  CASE WHEN staff_p + family_p + project_p >= staff_e + family_e + project_e THEN 1 WHEN staff_e IS NOT NULL THEN 0 END,
  on_platform, declared_pupils, pupils, CASE WHEN pupils IS NOT NULL THEN COALESCE(represented, 0) END, steps_due, steps_done,
  CASE WHEN op_community = 1 AND op_posts >= 3 THEN 1 WHEN op_posts IS NOT NULL THEN 0 END,
  op_registered, op_teachers, op_profiles, op_confirmed, op_active, op_classes, op_classes_with_chat,
  op_pupils_registered, op_pupils_active, op_guardians, op_linked, op_library, op_tests, op_files,
  op_diary, op_tv, op_community, op_posts, op_logins, op_pupil_logins
FROM (
  SELECT p.platform, s.id AS school_id, s.municipality_id, s.region_id, s.declared_teachers, s.declared_pupils,
    CASE WHEN r.school_id IS NOT NULL THEN 1 ELSE 0 END AS on_platform, l.pupils, l.represented, q.steps_due, q.steps_done,
    o.op_registered, o.op_teachers, o.op_profiles, o.op_confirmed, o.op_active, o.op_classes,
    o.op_classes_with_chat, o.op_pupils_registered, o.op_pupils_active, o.op_guardians, o.op_linked,
    o.op_library, o.op_tests, o.op_files, o.op_diary, o.op_tv, o.op_community, o.op_posts, o.op_logins,
    o.op_pupil_logins,
    m.staff, m.teachers, m.names_in_order,
    CASE WHEN m.school_id IS NOT NULL THEN COALESCE(a.profiles, 0) END AS profiles,
    CASE WHEN m.school_id IS NOT NULL THEN COALESCE(a.confirmed, 0) END AS confirmed,
    CASE WHEN v.school_id IS NOT NULL THEN COALESCE(t.active, 0) END AS active,
    CASE WHEN v.school_id IS NOT NULL THEN COALESCE(t.active_all, 0) END AS active_all,
    COALESCE(k.classes, 0) AS classes, COALESCE(w.classes_with_chat, 0) AS classes_with_chat, COALESCE(c.chats, 0) AS chats,
    CASE WHEN v.has_chats THEN COALESCE(h.active_chats, 0) END AS active_chats,
    COALESCE(d.administrators, 0) AS administrators, f.staff_e, f.staff_p, f.family_e, f.family_p, f.project_e, f.project_p,
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
  LEFT JOIN (
    SELECT school_id, count(*) AS pupils, count(*) FILTER (WHERE EXISTS (
      SELECT 1 FROM schools_guardianship g WHERE g.pupil_id = p.id AND g.registered_on <= %(sunday)s)) AS represented
    FROM schools_pupil p
    WHERE (enrolled_on IS NULL OR enrolled_on <= %(sunday)s) AND (left_on IS NULL OR left_on > %(sunday)s) GROUP BY school_id
  ) l ON l.school_id = s.id
  LEFT JOIN (
    SELECT t.school_id, count(*) FILTER (WHERE COALESCE(e.before, t.state) <> 0) AS steps_due,
      count(*) FILTER (WHERE COALESCE(e.before, t.state) IN (5, 6)) AS steps_done
    FROM reports_schoolstep t
    LEFT JOIN (
      SELECT school_id, number, min(id) AS id FROM reports_stepevent WHERE happened_on > %(sunday)s GROUP BY school_id, number
    ) later ON later.school_id = t.school_id AND later.number = t.number
    LEFT JOIN reports_stepevent e ON e.id = later.id
    WHERE e.id IS NOT NULL OR t.since_on <= %(sunday)s GROUP BY t.school_id
  ) q ON q.school_id = s.id
  LEFT JOIN (
    SELECT school_id, platform, 
      max(CASE WHEN figure = 1 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_registered,
      max(CASE WHEN figure = 2 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_teachers,
      max(CASE WHEN figure = 3 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_profiles,
      max(CASE WHEN figure = 4 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_confirmed,
      max(CASE WHEN figure = 5 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_active,
      max(CASE WHEN figure = 6 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_classes,
      max(CASE WHEN figure = 7 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_classes_with_chat,
      max(CASE WHEN figure = 8 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_pupils_registered,
      max(CASE WHEN figure = 9 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_pupils_active,
      max(CASE WHEN figure = 10 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_guardians,
      max(CASE WHEN figure = 11 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_linked,
      max(CASE WHEN figure = 12 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_library,
      max(CASE WHEN figure = 13 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_tests,
      max(CASE WHEN figure = 14 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_files,
      max(CASE WHEN figure = 15 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_diary,
      max(CASE WHEN figure = 16 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_tv,
      max(CASE WHEN figure = 17 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_community,
      max(CASE WHEN figure = 18 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_posts,
      max(CASE WHEN figure = 19 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_logins,
      max(CASE WHEN figure = 20 THEN (week + 2 - period) * CAST(100000000 AS bigint) + value END) %% 100000000 AS op_pupil_logins
    FROM reports_schoolfigure
    WHERE week > %(month_ago)s AND week <= %(week)s AND (period = 2 OR week = %(week)s)
    GROUP BY school_id, platform
  ) o ON o.school_id = s.id AND o.platform = p.platform
  LEFT JOIN floor_sums f ON f.school_id = s.id AND p.platform = 1 AND m.school_id IS NOT NULL
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
  SELECT *, CASE WHEN indicator NOT IN (3, 12, 13, 17) AND whole >= CASE WHEN indicator IN (1, 2, 4, 5, 6, 15, 18) THEN 5 ELSE 1 END THEN CAST(part AS double precision) / whole END AS score
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
    UNION ALL
    SELECT 7 AS indicator, school_id, region_id, municipality_id, classes_with_chat AS part, classes AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 8 AS indicator, school_id, region_id, municipality_id, chats_present AS part, chats_expected AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 9 AS indicator, school_id, region_id, municipality_id, staff_chats_present AS part, staff_chats_expected AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 10 AS indicator, school_id, region_id, municipality_id, family_chats_present AS part, family_chats_expected AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 11 AS indicator, school_id, region_id, municipality_id, project_chats_present AS part, project_chats_expected AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 12 AS indicator, school_id, region_id, municipality_id, all_chats_present AS part, CASE WHEN all_chats_present IS NOT NULL THEN in_scope END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 13 AS indicator, school_id, region_id, municipality_id, on_platform AS part, in_scope AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 15 AS indicator, school_id, region_id, municipality_id, CASE WHEN declared_pupils IS NOT NULL THEN op_pupils_registered END AS part, CASE WHEN op_pupils_registered IS NOT NULL THEN declared_pupils END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
    UNION ALL
    SELECT 17 AS indicator, school_id, region_id, municipality_id, on_platform AS part, in_scope AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 2
    UNION ALL
    SELECT 18 AS indicator, school_id, region_id, municipality_id, CASE WHEN declared_teachers IS NOT NULL THEN profiles END AS part, CASE WHEN profiles IS NOT NULL THEN declared_teachers END AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 2
    UNION ALL
    SELECT 32 AS indicator, school_id, region_id, municipality_id, steps_done AS part, steps_due AS whole
    FROM floor_schoolweek WHERE rating_id = 2 AND platform = 1
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
  UNION ALL
  SELECT 14, w.region_id, w.municipality_id, max(CASE WHEN a.id IS NULL THEN 0 ELSE 1 END), 1, 1, 0
  FROM floor_schoolweek w LEFT JOIN schools_appointment a ON a.municipality_id = w.municipality_id AND a.level = 3
    AND a.starts_on <= %(sunday)s AND (a.ends_on IS NULL OR a.ends_on >= %(sunday)s)
  WHERE w.rating_id = 2 AND w.platform = 1 AND w.municipality_id IS NOT NULL GROUP BY w.region_id, w.municipality_id
  UNION ALL
  SELECT f.indicator, f.region_id, NULL, f.part, f.whole, 1, 0 FROM reports_regionfigure f
  WHERE f.indicator IN (30, 31) AND f.year * 10 + f.quarter = (SELECT max(n.year * 10 + n.quarter) FROM reports_regionfigure n
    WHERE n.region_id = f.region_id AND n.indicator = f.indicator AND n.year * 10 + n.quarter <= %(quarter)s)
), places AS (
  SELECT indicator, 3 AS level, municipality_id AS place_id, region_id, municipality_id, part, whole, schools, missing
  FROM base WHERE municipality_id IS NOT NULL
  UNION ALL
  SELECT indicator, 2, region_id, region_id, NULL, sum(part), sum(whole), sum(schools), sum(missing) FROM base
  GROUP BY indicator, region_id
  UNION ALL
  SELECT indicator, 1, 0, NULL, NULL, sum(part), sum(whole), sum(schools), sum(missing) FROM base GROUP BY indicator
), scored AS (
  SELECT *, CASE WHEN level > 1 AND (indicator <> 14 OR level = 2) AND whole >= CASE WHEN indicator IN (1, 2, 4, 5, 6, 15, 18) THEN 5 ELSE 1 END THEN CAST(part AS double precision) / whole END AS score
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

CREATE TEMPORARY TABLE floor_scores AS
SELECT level, place_id, region_id, municipality_id, schools, missing,
  CASE WHEN whole_score THEN reached * 10000 / (total * 1000000) END AS part, CASE WHEN whole_score THEN 10000 END AS whole
FROM (
  SELECT level, place_id, region_id, municipality_id, min(schools) AS schools, max(missing) AS missing,
    count(*) = 7 AND min(CASE WHEN whole = 0 OR whole >= enough THEN 1 ELSE 0 END) = 1 AND min(CASE WHEN part IS NULL THEN 0 ELSE 1 END) = 1
      AND sum(CASE WHEN whole > 0 THEN 1 ELSE 0 END) > 0 AS whole_score,
    CAST(sum(CASE WHEN whole > 0 THEN weight * CASE WHEN part >= whole THEN 1000000 ELSE CAST(part AS bigint) * 1000000 / whole END END) AS bigint)
      AS reached, CAST(sum(CASE WHEN whole > 0 THEN weight END) AS bigint) AS total
  FROM floor_ratingrow JOIN (
    SELECT 1 AS i, 30 AS weight, 5 AS enough UNION ALL SELECT 2, 15, 5 UNION ALL SELECT 4, 15, 5 UNION ALL SELECT 7, 15, 1
    UNION ALL SELECT 8, 10, 1 UNION ALL SELECT 5, 5, 5 UNION ALL SELECT 32, 10, 1
  ) weights ON i = indicator
  WHERE rating_id = 2 GROUP BY level, place_id, region_id, municipality_id
) counted;

INSERT INTO floor_ratingrow (rating_id, indicator, level, place_id, region_id, municipality_id, part, whole, schools, missing,
  rank, ranked, local_rank, local_ranked, part_before, whole_before, rank_before, local_rank_before)
SELECT 2, 33, r.level, r.place_id, r.region_id, r.municipality_id, r.part, r.whole, r.schools, r.missing,
  CASE WHEN r.part IS NOT NULL AND r.level > 1 THEN r.rank END, CASE WHEN r.part IS NOT NULL AND r.level > 1 THEN r.ranked END,
  CASE WHEN r.part IS NOT NULL AND r.level = 4 THEN r.local_rank END,
  CASE WHEN r.part IS NOT NULL AND r.level = 4 THEN r.local_ranked END, b.part, b.whole, b.rank, b.local_rank
FROM (
  SELECT *, rank() OVER large AS rank, count(part) OVER (PARTITION BY level, CASE WHEN level > 2 THEN region_id END) AS ranked,
    rank() OVER small AS local_rank, count(part) OVER (PARTITION BY level, region_id, municipality_id) AS local_ranked
  FROM floor_scores
  WINDOW large AS (PARTITION BY level, CASE WHEN level > 2 THEN region_id END ORDER BY part DESC NULLS LAST),
    small AS (PARTITION BY level, region_id, municipality_id ORDER BY part DESC NULLS LAST)
) r
LEFT JOIN floor_ratingrow b ON b.rating_id = 1 AND b.indicator = 33 AND b.level = r.level AND b.place_id = r.place_id;

DROP TABLE floor_scores;

INSERT INTO floor_ratingplace (rating_id, level, place_id, code, name)
SELECT 2, 4, s.id, s.code, s.short_name FROM schools_school s
JOIN floor_ratingrow r ON r.rating_id = 2 AND r.indicator = 1 AND r.level = 4 AND r.place_id = s.id
UNION ALL
SELECT 2, 3, m.id, '', m.name FROM schools_municipality m
JOIN floor_ratingrow r ON r.rating_id = 2 AND r.indicator = 1 AND r.level = 3 AND r.place_id = m.id
UNION ALL
SELECT 2, 2, g.id, g.code, g.short_name FROM schools_region g
JOIN floor_ratingrow r ON r.rating_id = 2 AND r.indicator = 1 AND r.level = 2 AND r.place_id = g.id;

INSERT INTO floor_caseweek (rating_id, level, place_id, region_id, municipality_id, use_case, expected, present, schools, complete)
WITH base AS (
  SELECT w.region_id, w.municipality_id, 
    sum(e_1) AS e_1, sum(p_1) AS p_1, count(*) FILTER (WHERE e_1 > 0) AS n_1, count(*) FILTER (WHERE e_1 > 0 AND p_1 >= e_1) AS f_1,
    sum(e_2) AS e_2, sum(p_2) AS p_2, count(*) FILTER (WHERE e_2 > 0) AS n_2, count(*) FILTER (WHERE e_2 > 0 AND p_2 >= e_2) AS f_2,
    sum(e_3) AS e_3, sum(p_3) AS p_3, count(*) FILTER (WHERE e_3 > 0) AS n_3, count(*) FILTER (WHERE e_3 > 0 AND p_3 >= e_3) AS f_3,
    sum(e_4) AS e_4, sum(p_4) AS p_4, count(*) FILTER (WHERE e_4 > 0) AS n_4, count(*) FILTER (WHERE e_4 > 0 AND p_4 >= e_4) AS f_4,
    sum(e_5) AS e_5, sum(p_5) AS p_5, count(*) FILTER (WHERE e_5 > 0) AS n_5, count(*) FILTER (WHERE e_5 > 0 AND p_5 >= e_5) AS f_5,
    sum(e_6) AS e_6, sum(p_6) AS p_6, count(*) FILTER (WHERE e_6 > 0) AS n_6, count(*) FILTER (WHERE e_6 > 0 AND p_6 >= e_6) AS f_6,
    sum(e_7) AS e_7, sum(p_7) AS p_7, count(*) FILTER (WHERE e_7 > 0) AS n_7, count(*) FILTER (WHERE e_7 > 0 AND p_7 >= e_7) AS f_7,
    sum(e_8) AS e_8, sum(p_8) AS p_8, count(*) FILTER (WHERE e_8 > 0) AS n_8, count(*) FILTER (WHERE e_8 > 0 AND p_8 >= e_8) AS f_8,
    sum(e_9) AS e_9, sum(p_9) AS p_9, count(*) FILTER (WHERE e_9 > 0) AS n_9, count(*) FILTER (WHERE e_9 > 0 AND p_9 >= e_9) AS f_9,
    sum(e_10) AS e_10, sum(p_10) AS p_10, count(*) FILTER (WHERE e_10 > 0) AS n_10, count(*) FILTER (WHERE e_10 > 0 AND p_10 >= e_10) AS f_10,
    sum(e_12) AS e_12, sum(p_12) AS p_12, count(*) FILTER (WHERE e_12 > 0) AS n_12, count(*) FILTER (WHERE e_12 > 0 AND p_12 >= e_12) AS f_12,
    sum(e_13) AS e_13, sum(p_13) AS p_13, count(*) FILTER (WHERE e_13 > 0) AS n_13, count(*) FILTER (WHERE e_13 > 0 AND p_13 >= e_13) AS f_13,
    sum(e_14) AS e_14, sum(p_14) AS p_14, count(*) FILTER (WHERE e_14 > 0) AS n_14, count(*) FILTER (WHERE e_14 > 0 AND p_14 >= e_14) AS f_14,
    sum(e_15) AS e_15, sum(p_15) AS p_15, count(*) FILTER (WHERE e_15 > 0) AS n_15, count(*) FILTER (WHERE e_15 > 0 AND p_15 >= e_15) AS f_15,
    sum(e_16) AS e_16, sum(p_16) AS p_16, count(*) FILTER (WHERE e_16 > 0) AS n_16, count(*) FILTER (WHERE e_16 > 0 AND p_16 >= e_16) AS f_16,
    sum(e_17) AS e_17, sum(p_17) AS p_17, count(*) FILTER (WHERE e_17 > 0) AS n_17, count(*) FILTER (WHERE e_17 > 0 AND p_17 >= e_17) AS f_17,
    sum(e_18) AS e_18, sum(p_18) AS p_18, count(*) FILTER (WHERE e_18 > 0) AS n_18, count(*) FILTER (WHERE e_18 > 0 AND p_18 >= e_18) AS f_18,
    sum(e_19) AS e_19, sum(p_19) AS p_19, count(*) FILTER (WHERE e_19 > 0) AS n_19, count(*) FILTER (WHERE e_19 > 0 AND p_19 >= e_19) AS f_19,
    sum(e_20) AS e_20, sum(p_20) AS p_20, count(*) FILTER (WHERE e_20 > 0) AS n_20, count(*) FILTER (WHERE e_20 > 0 AND p_20 >= e_20) AS f_20,
    sum(e_21) AS e_21, sum(p_21) AS p_21, count(*) FILTER (WHERE e_21 > 0) AS n_21, count(*) FILTER (WHERE e_21 > 0 AND p_21 >= e_21) AS f_21,
    sum(e_22) AS e_22, sum(p_22) AS p_22, count(*) FILTER (WHERE e_22 > 0) AS n_22, count(*) FILTER (WHERE e_22 > 0 AND p_22 >= e_22) AS f_22,
    sum(e_23) AS e_23, sum(p_23) AS p_23, count(*) FILTER (WHERE e_23 > 0) AS n_23, count(*) FILTER (WHERE e_23 > 0 AND p_23 >= e_23) AS f_23,
    sum(e_26) AS e_26, sum(p_26) AS p_26, count(*) FILTER (WHERE e_26 > 0) AS n_26, count(*) FILTER (WHERE e_26 > 0 AND p_26 >= e_26) AS f_26,
    sum(e_27) AS e_27, sum(p_27) AS p_27, count(*) FILTER (WHERE e_27 > 0) AS n_27, count(*) FILTER (WHERE e_27 > 0 AND p_27 >= e_27) AS f_27
  FROM floor_cases c JOIN floor_schoolweek w ON w.rating_id = 2 AND w.platform = 1 AND w.school_id = c.school_id
    AND w.chats_expected IS NOT NULL
  GROUP BY w.region_id, w.municipality_id
), told AS (
  SELECT region_id, municipality_id, 1 AS use_case, e_1 AS e, p_1 AS p, n_1 AS n, f_1 AS f FROM base WHERE n_1 > 0
  UNION ALL SELECT region_id, municipality_id, 2 AS use_case, e_2 AS e, p_2 AS p, n_2 AS n, f_2 AS f FROM base WHERE n_2 > 0
  UNION ALL SELECT region_id, municipality_id, 3 AS use_case, e_3 AS e, p_3 AS p, n_3 AS n, f_3 AS f FROM base WHERE n_3 > 0
  UNION ALL SELECT region_id, municipality_id, 4 AS use_case, e_4 AS e, p_4 AS p, n_4 AS n, f_4 AS f FROM base WHERE n_4 > 0
  UNION ALL SELECT region_id, municipality_id, 5 AS use_case, e_5 AS e, p_5 AS p, n_5 AS n, f_5 AS f FROM base WHERE n_5 > 0
  UNION ALL SELECT region_id, municipality_id, 6 AS use_case, e_6 AS e, p_6 AS p, n_6 AS n, f_6 AS f FROM base WHERE n_6 > 0
  UNION ALL SELECT region_id, municipality_id, 7 AS use_case, e_7 AS e, p_7 AS p, n_7 AS n, f_7 AS f FROM base WHERE n_7 > 0
  UNION ALL SELECT region_id, municipality_id, 8 AS use_case, e_8 AS e, p_8 AS p, n_8 AS n, f_8 AS f FROM base WHERE n_8 > 0
  UNION ALL SELECT region_id, municipality_id, 9 AS use_case, e_9 AS e, p_9 AS p, n_9 AS n, f_9 AS f FROM base WHERE n_9 > 0
  UNION ALL SELECT region_id, municipality_id, 10 AS use_case, e_10 AS e, p_10 AS p, n_10 AS n, f_10 AS f FROM base WHERE n_10 > 0
  UNION ALL SELECT region_id, municipality_id, 12 AS use_case, e_12 AS e, p_12 AS p, n_12 AS n, f_12 AS f FROM base WHERE n_12 > 0
  UNION ALL SELECT region_id, municipality_id, 13 AS use_case, e_13 AS e, p_13 AS p, n_13 AS n, f_13 AS f FROM base WHERE n_13 > 0
  UNION ALL SELECT region_id, municipality_id, 14 AS use_case, e_14 AS e, p_14 AS p, n_14 AS n, f_14 AS f FROM base WHERE n_14 > 0
  UNION ALL SELECT region_id, municipality_id, 15 AS use_case, e_15 AS e, p_15 AS p, n_15 AS n, f_15 AS f FROM base WHERE n_15 > 0
  UNION ALL SELECT region_id, municipality_id, 16 AS use_case, e_16 AS e, p_16 AS p, n_16 AS n, f_16 AS f FROM base WHERE n_16 > 0
  UNION ALL SELECT region_id, municipality_id, 17 AS use_case, e_17 AS e, p_17 AS p, n_17 AS n, f_17 AS f FROM base WHERE n_17 > 0
  UNION ALL SELECT region_id, municipality_id, 18 AS use_case, e_18 AS e, p_18 AS p, n_18 AS n, f_18 AS f FROM base WHERE n_18 > 0
  UNION ALL SELECT region_id, municipality_id, 19 AS use_case, e_19 AS e, p_19 AS p, n_19 AS n, f_19 AS f FROM base WHERE n_19 > 0
  UNION ALL SELECT region_id, municipality_id, 20 AS use_case, e_20 AS e, p_20 AS p, n_20 AS n, f_20 AS f FROM base WHERE n_20 > 0
  UNION ALL SELECT region_id, municipality_id, 21 AS use_case, e_21 AS e, p_21 AS p, n_21 AS n, f_21 AS f FROM base WHERE n_21 > 0
  UNION ALL SELECT region_id, municipality_id, 22 AS use_case, e_22 AS e, p_22 AS p, n_22 AS n, f_22 AS f FROM base WHERE n_22 > 0
  UNION ALL SELECT region_id, municipality_id, 23 AS use_case, e_23 AS e, p_23 AS p, n_23 AS n, f_23 AS f FROM base WHERE n_23 > 0
  UNION ALL SELECT region_id, municipality_id, 26 AS use_case, e_26 AS e, p_26 AS p, n_26 AS n, f_26 AS f FROM base WHERE n_26 > 0
  UNION ALL SELECT region_id, municipality_id, 27 AS use_case, e_27 AS e, p_27 AS p, n_27 AS n, f_27 AS f FROM base WHERE n_27 > 0
)
SELECT 2, 3, municipality_id, region_id, municipality_id, use_case, e, p, n, f FROM told WHERE municipality_id IS NOT NULL
UNION ALL
SELECT 2, 2, region_id, region_id, NULL, use_case, sum(e), sum(p), sum(n), sum(f) FROM told GROUP BY region_id, use_case
UNION ALL
SELECT 2, 1, 0, NULL, NULL, use_case, sum(e), sum(p), sum(n), sum(f) FROM told GROUP BY use_case;

DROP TABLE floor_cases;

DROP TABLE floor_sums;
