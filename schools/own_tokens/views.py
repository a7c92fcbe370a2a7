"""Pages of one's own tokens: the list, a new one shown once, revoking."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from schools.models import AccessToken, User
from schools.own_tokens import services
from schools.own_tokens.forms import TokenForm
from schools.own_tokens.rights import rights_of
from schools.own_tokens.services import TokenRefused
from schools.scope import sight_of
from schools.texts import counted

SHOWN = 100


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens: those that work first, the soonest to end on top."""
    user = cast(User, request.user)
    own = AccessToken.objects.visible_to(user).filter(user=user)
    related = own.select_related("region", "municipality__region", "school__municipality", "school__region")
    found = list(related.order_by("-expiry", "digest")[:SHOWN])
    working = [token for token in found if not token.is_over]
    context = {
        "rows": [_row(token) for token in sorted(working, key=lambda token: str(token.expiry))],
        "ended": [_row(token) for token in found if token.is_over],
        "may_make": sight_of(user).level is not None,
        "most": services.MOST_TOKENS,
    }
    return render(request, "tokens/list.html", context)


def _row(token: AccessToken) -> dict[str, Any]:
    rights = [right.title for right in rights_of(token)]
    return {
        "token": token,
        "handle": services.handle_of(token),
        "rights": f"читать, {', '.join(rights)}" if rights else "только читать",
        "place": str(token.place) if token.place is not None else "",
        "networks": ", ".join(token.networks),
    }


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Ask what the token is for and who asks; then show it, this once."""
    user = cast(User, request.user)
    if sight_of(user).level is None:
        raise Http404
    form = TokenForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm(request, form.cleaned_data["secret"])
            token, text = services.make(user=user, wish=form.wish())
        except TokenRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return render(request, "tokens/made.html", {**_row(token), "text": text})
    return render(request, "tokens/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoke(request: HttpRequest) -> HttpResponse:
    """Revoke one of one's tokens, or all of them."""
    user = cast(User, request.user)
    if request.method != "POST":
        return redirect("tokens")
    if "all" in request.POST:
        count = services.revoke_all(user=user)
        messages.success(request, f"Отозвано: {counted(count, 'токен', 'токена', 'токенов')}. Они больше не действуют.")
    elif services.revoke(user=user, handle=request.POST.get("token", "")):
        messages.success(request, "Токен отозван: со следующего запроса он не действует.")
    else:
        messages.warning(request, "Такого токена у вас уже нет.")
    return redirect("tokens")
