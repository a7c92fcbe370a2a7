"""What answers of REST carry past their view: rate limit, deprecation, and a problem in place of any other error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from schools.deprecations import PREFIX, tell_deprecated
from schools.problems import PROBLEM_TYPE, problem_response
from schools.rates import told_rate

GetResponse = Callable[[HttpRequest], HttpResponse]
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")  # headers of an error that outlive its page


def rest_answers(get_response: GetResponse) -> GetResponse:
    """Finish the answers of REST; what Django itself refuses, before or past a view, becomes a problem too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path_info.startswith(PREFIX):
            return response
        if response.status_code >= 400 and response.get("Content-Type", "") != PROBLEM_TYPE:
            kept = {name: response[name] for name in KEPT if response.has_header(name)}
            response = problem_response(response.status_code, headers=kept, method=request.method or "")
        rate = told_rate(request)
        if rate is not None:
            rate.tell(response)
        tell_deprecated(request, response)
        return response

    return middleware
