"""Django's admin on the portal's own site; a module of its own, since it is read before any model is."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Stands last among the apps, so that schools/templates/admin comes before Django's own templates."""

    default_site = "rollout.site.PortalAdminSite"
