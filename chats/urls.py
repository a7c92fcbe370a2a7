"""Addresses of chats, orders, the library and resources; an act's page is in reports, which knows what rests on it."""

from django.urls import path

from chats import views
from chats.orders import batch_views as batches
from chats.orders import text_views as texts
from chats.orders import views as orders
from chats.talks.urls import urlpatterns as talks

urlpatterns = [
    path("library/", views.library, name="library"),
    path("resources/", views.resources, name="resources"),
    path("resources/new/", views.resource_new, name="resource_new"),
    path("resources/<int:pk>/edit/", views.resource_edit, name="resource_edit"),
    path("schools/<int:pk>/orders/", orders.school_orders, name="school_orders"),
    path("schools/<int:pk>/orders/new/", orders.school_order_new, name="school_order_new"),
    path("municipalities/<int:pk>/orders/", orders.municipality_orders, name="municipality_orders"),
    path("municipalities/<int:pk>/orders/new/", orders.municipality_order_new, name="municipality_order_new"),
    path("order-templates/", texts.order_templates, name="order_templates"),
    path("order-templates/<int:pk>/", texts.order_template, name="order_template"),
    path("order-templates/<int:pk>/edit/", texts.order_template_edit, name="order_template_edit"),
    path("orders/for-schools/", batches.order_batch_new, name="order_batch_new"),
    path("orders/for-schools/<int:pk>/", batches.order_batch, name="order_batch"),
    path("orders/for-schools/<int:pk>/orders.zip", batches.order_batch_archive, name="order_batch_archive"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/act/", orders.order_act, name="order_act"),
    path("orders/<int:pk>/order.docx", orders.order_docx, name="order_docx"),
    path("orders/<int:pk>/order.pdf", orders.order_pdf, name="order_pdf"),
    path("orders/<int:pk>/scan/", orders.order_scan, name="order_scan"),
    *talks,
]
