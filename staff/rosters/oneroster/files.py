"""Files of OneRoster 1.2's CSV binding that we write and read: their columns in the order of the standard (pure).

Source: 1EdTech OneRoster CSV Binding 1.2.1. Headings are case-sensitive and stand in this order; our own fields come
last, as `metadata.ru.…`. A file without a row must be left out, and the manifest says so.
"""

COMMON = ("sourcedId", "status", "dateLastModified")
COLUMNS: dict[str, tuple[str, ...]] = {
    "academicSessions": (*COMMON, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "orgs": (*COMMON, "name", "type", "identifier", "parentSourcedId"),
    "courses": (
        *COMMON, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes",
    ),
    "classes": (
        *COMMON, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
        "termSourcedIds", "subjects", "subjectCodes", "periods", "metadata.ru.declaredPupils",
    ),
    "users": (
        *COMMON, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email",
        "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier", "resourceSourcedIds",
        "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
        "metadata.ru.noPatronymic", "metadata.ru.enrolledOn", "metadata.ru.position", "metadata.ru.guardianships",
    ),
    "roles": (
        *COMMON, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
    ),
    "userProfiles": (
        *COMMON, "userSourcedId", "profileType", "vendorId", "applicationId", "description", "credentialType",
        "username", "password",
    ),
    "enrollments": (
        *COMMON, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate",
    ),
    "demographics": (
        *COMMON, "birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity",
        "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus",
    ),
}  # fmt: skip
# Every file a manifest has to speak of, in the order of the standard.
MANIFEST_FILES = (
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
    "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
    "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
    "userResources", "users",
)  # fmt: skip
NEEDED: dict[str, tuple[str, ...]] = {  # without these a file tells us nothing
    "users": ("sourcedId", "givenName", "familyName"),
    "classes": ("sourcedId", "title"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
    "roles": ("userSourcedId", "role"),
    "orgs": ("sourcedId", "name", "type"),
    "academicSessions": ("sourcedId", "startDate"),
    "demographics": ("sourcedId",),
}
STUDENT = "student"
ADULTS = {"parent": "родитель", "guardian": "опекун", "relative": "родственник"}  # role → «Кем приходится»
STAFF_ROLES = frozenset(
    {
        "teacher",
        "aide",
        "administrator",
        "principal",
        "counselor",
        "proctor",
        "siteAdministrator",
        "systemAdministrator",
    }
)
