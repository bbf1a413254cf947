"""Routes of the doctor and the support bundle. Their code is loaded when somebody asks: hardly anybody does."""

from __future__ import annotations

from pathlib import Path

from app.core import api
from app.service.doctor.model import Check
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from vm.errors import UsageError
from vm.progress import Progress, Reporter


async def run_checks(call: Call) -> list[Check]:
    """Run checks."""
    from app.service import doctor
    from app.service.diagnosis import Diagnosis

    query: api.DoctorQuery = call.query
    ids = query.ids.split(",") if query.ids else None
    return await doctor.run_checks(Diagnosis(call.service), ids)


async def fix(call: Call) -> Operation:
    """Mend what can be mended."""
    from app.service import doctor
    from app.service.diagnosis import Diagnosis

    request: api.FixRequest = call.body

    async def work(report: Reporter) -> list[Check]:
        report(Progress("Checking and mending"))
        return await doctor.fix(Diagnosis(call.service), request.ids)

    return call.service.operations.run("doctor", work)


async def write_bundle(call: Call) -> Operation:
    """Write a support bundle."""
    from app.service import bundle
    from app.service.diagnosis import Diagnosis

    request: api.BundleRequest = call.body
    path = Path(request.path)
    if not path.is_absolute():
        raise UsageError(f"The path of the bundle must be absolute, and {path} is not.")

    async def work(report: Reporter) -> api.Bundle:
        report(Progress("Collecting"))
        written = await bundle.write_bundle(Diagnosis(call.service), path)
        return api.Bundle(str(written), written.stat().st_size)

    return call.service.operations.run("support bundle", work)


ROUTES = [
    Route("GET", "/v1/doctor", "Run checks", run_checks, query=api.DoctorQuery, result=list[Check]),
    Route("POST", "/v1/doctor/fix", "Mend what can be mended", fix, Kind.long, body=api.FixRequest, result=list[Check]),
    Route(
        "POST",
        "/v1/support-bundle",
        "Write a support bundle",
        write_bundle,
        Kind.long,
        body=api.BundleRequest,
        result=api.Bundle,
    ),
]
