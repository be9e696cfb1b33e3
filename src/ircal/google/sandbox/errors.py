"""What the API answers when it refuses: one exception per reason, with its HTTP status and its JSON body.

Google describes a refusal twice: by the HTTP status and by a `reason` word inside the body. Clients must look at the
reason, because one status has many of them. Only exceptions may live here, and nothing that raises them.

    SandboxError
    ├── BadRequest 400 badRequest
    │   ├── Invalid            invalid
    │   ├── Required           required
    │   ├── ParseError         parseError
    │   ├── TimeRangeEmpty     timeRangeEmpty
    │   ├── TooManyDefaults    cannotUseDefaultRemindersAndSpecifyOverride
    │   ├── NotUnique          channelIdNotUnique
    │   ├── HookNotHttps       push.webhookUrlNotHttps
    │   └── PushNotSupported   pushNotSupportedForRequestedResource
    ├── Unauthorized 401 authError
    ├── NotFound 404 notFound
    ├── Duplicate 409 duplicate
    ├── Gone 410
    │   ├── Deleted            deleted
    │   └── FullSyncRequired   fullSyncRequired
    ├── ConditionNotMet 412 conditionNotMet
    └── BackendError 500 backendError

Wordings are Google's where its error guide or field reports quote them, and plausible where not. Do not parse them.
"""

from typing import Any, ClassVar


class SandboxError(Exception):
    """A refusal that the HTTP layer turns into Google's error JSON."""

    status: ClassVar[int] = 500
    domain: ClassVar[str] = "global"
    reason: ClassVar[str] = "backendError"
    default: ClassVar[str] = "Backend Error"

    def __init__(self, message: str = "", *, location: str = "", location_type: str = "parameter") -> None:
        self.message = message or self.default
        self.location = location
        self.location_type = location_type
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        """The error as the API's JSON object."""
        detail = {"domain": self.domain, "reason": self.reason, "message": self.message}
        if self.location:
            detail |= {"locationType": self.location_type, "location": self.location}
        return {"error": {"errors": [detail], "code": self.status, "message": self.message}}


class BadRequest(SandboxError):
    """The request can never succeed as it is."""

    status = 400
    reason = "badRequest"
    default = "Bad Request"


class Invalid(BadRequest):
    """A value is out of its range or of the wrong form."""

    reason = "invalid"
    default = "Invalid Value"


class Required(BadRequest):
    """A field or parameter is missing."""

    reason = "required"
    default = "Required"


class ParseError(BadRequest):
    """The body is not a JSON object."""

    reason = "parseError"
    default = "Parse Error"


class TimeRangeEmpty(BadRequest):
    """An end that is not after its start."""

    domain = "calendar"
    reason = "timeRangeEmpty"
    default = "The specified time range is empty."


class TooManyDefaults(BadRequest):
    """Default reminders and overrides at once."""

    domain = "calendar"
    reason = "cannotUseDefaultRemindersAndSpecifyOverride"
    default = "Cannot specify both default reminders and overrides at the same time."


class NotUnique(BadRequest):
    """The id of a channel is taken."""

    reason = "channelIdNotUnique"

    def __init__(self, channel_id: str) -> None:
        super().__init__(f"Channel id {channel_id} not unique")


class HookNotHttps(BadRequest):
    """The address of a channel is not https."""

    reason = "push.webhookUrlNotHttps"

    def __init__(self, address: str) -> None:
        super().__init__(f"WebHook callback must be HTTPS: {address}")


class PushNotSupported(BadRequest):
    """A calendar that cannot be watched."""

    domain = "calendar"
    reason = "pushNotSupportedForRequestedResource"
    default = "Push notifications are not supported by this resource."


class Unauthorized(SandboxError):
    """No access token, or one that was not issued here."""

    status = 401
    reason = "authError"
    default = "Invalid Credentials"

    def __init__(self) -> None:
        super().__init__(location="Authorization", location_type="header")


class NotFound(SandboxError):
    """No such calendar, event, instance, channel or route."""

    status = 404
    reason = "notFound"
    default = "Not Found"


class Duplicate(SandboxError):
    """The id or the iCalUID is taken, perhaps by a deleted event."""

    status = 409
    reason = "duplicate"
    default = "The requested identifier already exists."


class Gone(SandboxError):
    """Something that was there and is no longer."""

    status = 410


class Deleted(Gone):
    """Deleting what is deleted."""

    reason = "deleted"
    default = "Resource has been deleted"


class FullSyncRequired(Gone):
    """A sync token that the server no longer honours."""

    domain = "calendar"
    reason = "fullSyncRequired"
    default = "Sync token is no longer valid, a full sync is required."

    def __init__(self) -> None:
        super().__init__(location="syncToken")


class ConditionNotMet(SandboxError):
    """An If-Match that no longer matches."""

    status = 412
    reason = "conditionNotMet"
    default = "Precondition Failed"

    def __init__(self) -> None:
        super().__init__(location="If-Match", location_type="header")


class BackendError(SandboxError):
    """A fault of the server itself; the client may try again."""
