# Written by tools/generate.py from wit/connector.wit: change those, and not this file.

"""The types of the contract, with its own text. What a connector returns is read as described there; names are in
snake_case here, and in kebab-case in the texts. `to_json` and `from_json` of this package convert them to the JSON
that `psa-host … --json` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from psa_connector.errors import CallError

__all__ = [
    "Asset",
    "AssetPage",
    "AssetQuery",
    "AttachedAsset",
    "Board",
    "BoardMetadata",
    "BoardSelection",
    "Body",
    "ChangedTicket",
    "Choice",
    "Company",
    "CompanyPage",
    "CompanyQuery",
    "ConnectorDescription",
    "ConnectorError",
    "Contact",
    "ContactPage",
    "ContactQuery",
    "CreatedNote",
    "CreatedTicket",
    "Creation",
    "Detail",
    "ErrorCode",
    "Failure",
    "FailureKind",
    "FieldError",
    "InputField",
    "Item",
    "ItemPath",
    "Link",
    "Named",
    "NoteAudience",
    "NoteDraft",
    "Omission",
    "Operation",
    "OriginList",
    "Pacing",
    "Permission",
    "PermissionCheck",
    "PermissionState",
    "Property",
    "Rating",
    "Request",
    "Response",
    "Setting",
    "SettingChoice",
    "SettingDescription",
    "SettingKind",
    "SettingSupplier",
    "Site",
    "SitePage",
    "SiteQuery",
    "StatusChange",
    "Subtype",
    "Ticket",
    "TicketCheck",
    "TicketDraft",
    "TicketLookup",
    "TicketPage",
    "TicketQuery",
    "TicketSelection",
    "TicketStatus",
    "Verification",
]


Body = str | bytes
"""A body, of a request or of a response. It is `text` if and only if its bytes are valid UTF-8; an empty body is
`text("")`. A byte order mark is kept and no charset is applied. A reader treats both forms of the same bytes
alike. Two forms, because text crosses into dynamic languages a hundred times faster than bytes."""


@dataclass(kw_only=True, slots=True, repr=False)
class Request:
    """One request. The host adds Host, Content-Length and Accept-Encoding and refuses them from the connector. It adds
    User-Agent if the connector does not."""

    method: str
    """Upper-case token, such as `GET`."""
    url: str
    """Absolute `https` URL, percent-encoded, without user information or fragment. Credentials never go into a URL."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """In order, repeats allowed. Names are ASCII tokens, compared without case."""
    body: Body | None = None
    """None: no body and no Content-Length. `text("")`: a body of zero bytes."""
    is_write: bool = False
    """Whether a person could see the effect of this request in the PSA. False for reads, queries by POST, requests for
    an access token, and the look-up of a server. Setting a status to the value that it already has is a write.
    A host repeats only requests for which this is false. A call that is stopped after a write has left the host is
    `outcome-unknown`, unless the failure of that write says that the server cannot have acted on it."""
    reuse_seconds: int | None = None
    """None: the request is sent and nothing is kept. Some(n): the host may answer with a kept 2xx response to the same
    request that is at most n seconds old. Some(0): the request is sent, and a 2xx response replaces what is kept;
    any other outcome deletes it. At most 3,600. Refused if `is-write` is true.

    The host keeps responses in memory only, and never shares them between tenants, connectors or settings.
    A host that keeps nothing conforms to this contract."""
    is_secret: bool = False
    """True if the body of this request or the headers or body of its response hold credentials. The host then writes
    neither to a log, event, error, recording or file. Method, URL, status and times may be shown."""

    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"


@dataclass(kw_only=True, slots=True, repr=False)
class Response:
    """What the server answered, whatever the status. Redirects are never followed: a 3xx is a response."""

    status: int
    """200 to 599; interim 1xx responses are not passed on."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """In order as received, names in lower case, bytes outside ASCII read as Latin-1."""
    body: Body = ""
    """The whole body, content encodings removed. `text("")` if there is none."""
    age_seconds: int | None = None
    """Some(n): the host kept this response for n seconds. None: the server sent it in answer to this request. After a
    401, a connector renews only what had an age: a 401 on fresh credentials is final."""

    def __repr__(self) -> str:
        return f"Response({self.status})"


class FailureKind(str, Enum):
    """Why there is no complete response."""

    DENIED = "denied"
    """The host's policy forbids it: the message names the rule. Nothing left the host."""
    UNREACHABLE = "unreachable"
    """No connection: the name was not resolved, the connection was refused, TLS was not established, or the
    certificate was not accepted."""
    TIMED_OUT = "timed-out"
    """A time limit of the host passed."""
    INTERRUPTED = "interrupted"
    """The connection broke before the response was complete."""
    TOO_LARGE = "too-large"
    """The response, or all responses of this call, passed a size limit of the host."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class Failure:
    """A request without a complete response."""

    kind: FailureKind
    """What went wrong."""
    message: str
    """For people. Holds no header value and no body. Do not parse."""
    may_have_acted: bool
    """False only if the server cannot have acted on the request: it failed before any byte of it was handed to a
    connection, or the server's protocol says that it was not processed (HTTP/2 `REFUSED_STREAM`, or above the last
    stream of a GOAWAY). True in every other case and in doubt. Always false for `denied`, always true for
    `too-large` and `interrupted`."""


@dataclass(kw_only=True, slots=True, repr=False)
class Setting:
    """A value that was entered. Unknown and repeated names are `invalid-settings`."""

    name: str
    """One of `setting-description.name`."""
    value: str
    """As entered; white space around it does not count."""

    def __repr__(self) -> str:
        return f"Setting({self.name})"


@dataclass(kw_only=True, slots=True)
class Property:
    """A named value for programs. The field that holds it lists the names in use. Ignore names that you do not know."""

    name: str
    """Kebab-case."""
    value: str
    """In the form that the list of names gives."""


class SettingKind(str, Enum):
    """How a form draws a setting."""

    TEXT = "text"
    """One line of text."""
    SECRET = "secret"
    """One line of text that is hidden, never logged, and never recorded."""
    HOST = "host"
    """A host name, with a port if it is not 443. The operator approves the host by entering it."""
    CHOICE = "choice"
    """One of `choices`."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class SettingChoice:
    """One of the values of a setting of kind `choice`."""

    value: str
    """What goes into `setting.value`."""
    label: str
    """What the person reads."""


class SettingSupplier(str, Enum):
    """Who enters a setting."""

    CUSTOMER = "customer"
    """Each customer, for its own tenant."""
    PLATFORM = "platform"
    """The platform, once; its form need not show it."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class SettingDescription:
    """A setting, as a form shows it."""

    name: str
    """Stable, kebab-case."""
    label: str
    """What the person reads beside the field, in the PSA's words."""
    help: str
    """Where the person finds the value."""
    kind: SettingKind
    """How the form draws it."""
    choices: list[SettingChoice] = field(default_factory=list)
    """Empty except for kind `choice`."""
    is_required: bool
    """False: it may be absent or empty."""
    supplied_by: SettingSupplier
    """Whether the platform's vendor enters it once for all its customers (ConnectWise's client id) or each customer."""
    example: str | None = None
    """A value of the right form that belongs to nobody."""


class Operation(str, Enum):
    """The functions of this interface but `describe` and `origins`, which every connector has and which need no right."""

    VERIFY = "verify"
    """`verify`."""
    LIST_COMPANIES = "list-companies"
    """`list-companies`."""
    LIST_BOARD_METADATA = "list-board-metadata"
    """`list-board-metadata`."""
    CHECK_TICKET = "check-ticket"
    """`check-ticket`."""
    CREATE_TICKET = "create-ticket"
    """`create-ticket`."""
    GET_TICKET = "get-ticket"
    """`get-ticket`."""
    FIND_TICKETS = "find-tickets"
    """`find-tickets`."""
    ADD_NOTE = "add-note"
    """`add-note`."""
    SET_STATUS = "set-status"
    """`set-status`."""
    LIST_CONTACTS = "list-contacts"
    """`list-contacts`."""
    LIST_ASSETS = "list-assets"
    """`list-assets`."""
    LIST_SITES = "list-sites"
    """`list-sites`."""
    ATTACH_ASSET = "attach-asset"
    """`attach-asset`."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class Permission:
    """A right that the PSA's administrator grants."""

    id: str
    """Stable, kebab-case: `service-tickets-add`."""
    path: list[str] = field(default_factory=list)
    """Where the administrator finds it, in the PSA's words, outermost first:
    `Security Roles`, `Service Desk`, `Service Tickets`. One element for an OAuth scope."""
    level: str | None = None
    """What to set there, in the PSA's words: `Add (All)`. None: it is on or off."""
    needed_for: list[Operation] = field(default_factory=list)
    """The functions that fail, or leave a part out, without it."""
    request: str
    """The request behind it, for the administrator: `POST /service/tickets`."""


@dataclass(kw_only=True, slots=True)
class InputField:
    """A field of an operation's input that this PSA takes. A field that is given and not listed is `invalid-input`, and
    nothing is sent."""

    operation: Operation
    """The operation: `create-ticket` (which covers `check-ticket`), `add-note` or `set-status`."""
    name: str
    """The field's name in this text, such as `board-id`."""
    is_required: bool
    """Without it the call is `invalid-input`."""
    maximum_length: int | None = None
    """In characters as the PSA counts them. None: no limit known."""
    maximum_count: int | None = None
    """Of a list: how many elements. None: no limit known, or not a list."""
    allowed: list[str] = field(default_factory=list)
    """Of an enum: the cases that this PSA takes. Empty: all of them, or not an enum."""


@dataclass(kw_only=True, slots=True)
class Pacing:
    """How fast all calls of a tenant together should send in one process. It is advice: it lowers the number of 429s.
    A host waits before a call, or inside `send` before the call's first write, and within the call's time limit; a
    request for which there is no time left fails as `timed-out` with `may-have-acted: false`."""

    concurrent_requests: int | None = None
    """Requests in flight. None: no limit known."""
    requests: int | None = None
    """Requests within any window of `seconds`. None: no limit known."""
    seconds: int | None = None
    """The length of that window. None exactly if `requests` is none."""


@dataclass(kw_only=True, slots=True)
class ConnectorDescription:
    """What a host can know before anything is entered."""

    vendor: str
    """The PSA: `ConnectWise PSA`."""
    version: str
    """The connector's own version."""
    operations: list[Operation] = field(default_factory=list)
    """The functions that this connector has. `verify`, `list-companies`, `list-board-metadata`, `check-ticket`,
    `create-ticket` and `get-ticket` are always among them."""
    settings: list[SettingDescription] = field(default_factory=list)
    """In the order in which a form shows them."""
    permissions: list[Permission] = field(default_factory=list)
    """Every right that any function needs, in the order of `verification.checks`."""
    input_fields: list[InputField] = field(default_factory=list)
    """The fields that this PSA takes, by operation in the order of `operation`, then in the order of this text."""
    pacing: Pacing
    """How fast the calls of a tenant should send."""
    board_label: str | None = None
    """What this PSA calls a board: `Service Board`, `Queue`, `Team`. None: it has none, and `boards` is always empty."""
    vendor_domains: list[str] = field(default_factory=list)
    """Domains of the vendor's own cloud, `myconnectwise.net`: see `origins`."""
    properties: list[Property] = field(default_factory=list)
    """None in this version."""


class ErrorCode(str, Enum):
    """What a program does next."""

    INVALID_SETTINGS = "invalid-settings"
    """Correct the settings. `field-errors` name them. Nothing was sent, or the PSA does not serve this tenant there."""
    INVALID_INPUT = "invalid-input"
    """Correct the arguments. `field-errors` name them. Nothing was written."""
    UNAUTHORIZED = "unauthorized"
    """Replace the credentials: the PSA does not accept them."""
    FORBIDDEN = "forbidden"
    """Grant a right: the PSA knows the credentials and they may not do this. `permission-ids` name it if it is known."""
    NOT_FOUND = "not-found"
    """A record named in the arguments does not exist. Never for an empty list, never from `get-ticket`."""
    REJECTED = "rejected"
    """The PSA examined a write and declined it. Nothing was written. `field-errors` say why if the PSA does."""
    RATE_LIMITED = "rate-limited"
    """Wait `retry-after-seconds`, then repeat. Nothing was written."""
    UNAVAILABLE = "unavailable"
    """Repeat later. Nothing was written. The PSA cannot be reached, or says that it cannot work now."""
    DENIED = "denied"
    """The host's policy or a limit of it stopped the call: the operator must allow more. Nothing was written."""
    OUTCOME_UNKNOWN = "outcome-unknown"
    """The write may have happened. From every function that writes, and from no other. If the function can be
    repeated safely (`create-ticket` and `add-note` with a reference, `set-status`, `attach-asset`), repeat the same
    call after `retry-after-seconds`. If not, a person has to look."""
    CONFLICT = "conflict"
    """A person must decide: several tickets bear the reference, it is on a ticket of another company, or the ticket was
    merged into another. `ticket-ids` name them."""
    UNEXPECTED_RESPONSE = "unexpected-response"
    """The answer was not understood: report it. Only if nothing can have been written."""
    UNSUPPORTED = "unsupported"
    """This connector does not have this function: see `connector-description.operations`. Nothing was sent."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class FieldError:
    """What is wrong with one setting or one field."""

    field: str | None = None
    """Name of the setting or of the field in this text, `status-id`. None: the PSA named one unknown here."""
    vendor_field: str | None = None
    """The PSA's name for it, `status/id`."""
    message: str
    """For people. Do not parse."""


@dataclass(kw_only=True, eq=False)
class ConnectorError(CallError):
    """No text in here holds a secret setting, a credential made of it, or a whole body."""

    code: ErrorCode
    """What a program branches on."""
    message: str
    """What was being done and what happened, for people. Do not parse."""
    hint: str | None = None
    """What a person should do next."""
    field_errors: list[FieldError] = field(default_factory=list)
    """The settings or fields to correct."""
    permission_ids: list[str] = field(default_factory=list)
    """Ids of `permission`: the rights to grant, if they are known."""
    retry_after_seconds: int | None = None
    """The least time to wait before the same call."""
    http_status: int | None = None
    """Of the response that decided."""
    vendor_code: str | None = None
    """The PSA's own code, `InvalidObject`."""
    vendor_request_id: str | None = None
    """What the PSA's support asks for."""
    ticket_ids: list[str] = field(default_factory=list)
    """Of a `conflict`: the tickets concerned, or the one that the ticket was merged into. Of `outcome-unknown`: the
    ticket, if it is known."""


@dataclass(kw_only=True, slots=True)
class OriginList:
    """Where a connector sends its requests."""

    origins: list[str] = field(default_factory=list)
    """Such as `https://api-na.myconnectwise.net`: without a trailing slash, with a port only if it is not 443. The
    leftmost label may be `*`, which stands for exactly one label, if a first request must tell the origin (zones)."""


class PermissionState(str, Enum):
    """What `verify` found of a permission."""

    GRANTED = "granted"
    """It is there."""
    LIMITED = "limited"
    """Granted for a part: for the member's own records only, so that lists may silently lack rows, or for some boards only."""
    MISSING = "missing"
    """The PSA refuses, or says that it is not granted."""
    UNKNOWN = "unknown"
    """The PSA does not let it be known without writing."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class PermissionCheck:
    """One permission of the description, checked."""

    permission_id: str
    """`permission.id`."""
    state: PermissionState
    """What was found."""
    message: str | None = None
    """Where to set it if it is missing or limited; why it is unknown."""


@dataclass(kw_only=True, slots=True)
class Verification:
    """What the credentials can do."""

    is_complete: bool
    """True if no permission is missing that a needed operation needs. Unknown ones do not make it false."""
    ready: list[Operation] = field(default_factory=list)
    """The needed operations for which no permission is missing, in the order of `operation`."""
    checks: list[PermissionCheck] = field(default_factory=list)
    """One for each permission of the description, in its order."""
    account: str | None = None
    """Whom the credentials belong to, as the PSA names it."""
    server_version: str | None = None
    """As the PSA says it. None: it does not say."""
    visible_companies: int | None = None
    """How many companies these credentials can see: a role limited by location or level hides rows. None: not known."""
    visible_boards: int | None = None
    """How many active boards they can see. None: not known."""


@dataclass(kw_only=True, slots=True)
class CompanyQuery:
    """Which companies to list, and how many at once."""

    search: str | None = None
    """Part of the name or of the identifier, without case. None or empty: all."""
    ids: list[str] = field(default_factory=list)
    """These only; those that do not exist are left out. Empty: all."""
    include_inactive: bool = False
    """Whether to include companies that the PSA has deleted, archived or deactivated."""
    statuses: list[str] = field(default_factory=list)
    """Only those with one of these statuses, without case. Empty: any."""
    types: list[str] = field(default_factory=list)
    """Only those with at least one of these types, without case. Empty: any."""
    limit: int | None = None
    """At most this many; fewer do not mean the end. None: 1,000. Zero is `invalid-input`; above 10,000 counts as 10,000."""
    cursor: str | None = None
    """`next-cursor` of the page before, with the same settings and the same query but for `limit`, else
    `invalid-input`."""


@dataclass(kw_only=True, slots=True)
class Company:
    """A customer of the managed service provider."""

    id: str
    """What `ticket-draft.company-id` takes."""
    identifier: str | None = None
    """The short name people type. None: this PSA has none."""
    name: str
    """As the PSA shows it."""
    status: str | None = None
    """The PSA's or tenant's own word. To show, not to branch on."""
    is_active: bool
    """Neither deleted, nor archived, nor deactivated."""
    types: list[str] = field(default_factory=list)
    """The PSA's or tenant's own words: `Client`, `Vendor`. To show and to filter by, not to branch on."""
    properties: list[Property] = field(default_factory=list)
    """None in this version."""


@dataclass(kw_only=True, slots=True)
class CompanyPage:
    """One answer of `list-companies`."""

    companies: list[Company] = field(default_factory=list)
    """By ascending id."""
    next_cursor: str | None = None
    """Opaque, without secrets, good in another instance. None: there are no more."""


@dataclass(kw_only=True, slots=True)
class Choice:
    """An entry of a chooser: a type or a priority, and what statuses, subtypes and items have in common."""

    id: str
    """What the draft's field takes."""
    name: str
    """As the PSA shows it."""
    board_id: str | None = None
    """The board it is of. None: of every board."""
    is_default: bool
    """What the PSA takes if the draft says nothing."""
    sort_order: int | None = None
    """Ascending; equal ones by name."""
    color: str | None = None
    """`#rrggbb`."""
    properties: list[Property] = field(default_factory=list)
    """`level`: of a priority, the PSA's rank for it, in its words in lower case (`critical`, `high`)."""


@dataclass(kw_only=True, slots=True)
class TicketStatus:
    """A status of a ticket."""

    choice: Choice
    """The entry."""
    is_closed: bool | None = None
    """Whether tickets in it count as done. None: the PSA does not say."""


@dataclass(kw_only=True, slots=True)
class Subtype:
    """A subtype of a ticket."""

    choice: Choice
    """The entry."""
    type_ids: list[str] = field(default_factory=list)
    """Empty: of every type."""


@dataclass(kw_only=True, slots=True)
class ItemPath:
    """A combination that the PSA accepts."""

    type_id: str
    """The type it goes under."""
    subtype_id: str | None = None
    """The subtype it goes under. None: any of the type."""


@dataclass(kw_only=True, slots=True)
class Item:
    """An item: the level of classification under type and subtype."""

    choice: Choice
    """The entry."""
    allowed_under: list[ItemPath] = field(default_factory=list)
    """Empty: under every type and subtype."""


@dataclass(kw_only=True, slots=True)
class Board:
    """Where tickets are worked on: a board, queue or team."""

    id: str
    """What `ticket-draft.board-id` takes."""
    name: str
    """As the PSA shows it."""
    is_default: bool
    """What the PSA takes if the draft says nothing. False everywhere: the PSA does not say."""


@dataclass(kw_only=True, slots=True)
class Omission:
    """A part that these credentials may not read. The rest can be used without it."""

    part: str
    """The list that lacks it, a field of `board-metadata`: `subtypes`, `items`, `sources`, or `statuses` and `types` of one
    board."""
    board_id: str | None = None
    """The board it is of. None: of every board."""
    message: str
    """Why, for people."""


@dataclass(frozen=True, slots=True)
class BoardSelection:
    """Which boards' lists to read.

    Make one with the method that is named after the case."""

    case: Literal["boards-only", "only", "all"]
    value: list[str] | None = None

    @classmethod
    def boards_only(cls) -> BoardSelection:
        """The boards and the lists that belong to no board."""
        return cls("boards-only")

    @classmethod
    def only(cls, value: list[str]) -> BoardSelection:
        """These. One that is not an active board is `not-found`."""
        return cls("only", value)

    @classmethod
    def all(cls) -> BoardSelection:
        """Every active board: several requests for each."""
        return cls("all")


@dataclass(kw_only=True, slots=True)
class BoardMetadata:
    """What the choosers of a form hold. Each list by board, then by `sort-order`, then by name."""

    boards: list[Board] = field(default_factory=list)
    """Active ones, whatever the selection, by name."""
    statuses: list[TicketStatus] = field(default_factory=list)
    """Of the selected boards."""
    types: list[Choice] = field(default_factory=list)
    """Of the selected boards."""
    subtypes: list[Subtype] = field(default_factory=list)
    """Of the selected boards."""
    items: list[Item] = field(default_factory=list)
    """Of the selected boards."""
    priorities: list[Choice] = field(default_factory=list)
    """Of every board."""
    sources: list[Choice] = field(default_factory=list)
    """What `ticket-draft.source-id` takes. Of every board."""
    omissions: list[Omission] = field(default_factory=list)
    """What could not be read because a right is missing. Empty: everything is here."""


class Rating(str, Enum):
    """How bad it is (severity), or how many people it affects (impact)."""

    LOW = "low"
    """The least."""
    MEDIUM = "medium"
    """Between them."""
    HIGH = "high"
    """The most."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class Detail:
    """A line under the text: `Domain: example.com`."""

    label: str
    """`Domain`."""
    value: str
    """`example.com`. Shown so that the PSA makes no link of it."""


@dataclass(kw_only=True, slots=True)
class Link:
    """A link under the text, written as the line `label: url`, or as the PSA's own markup if that is sure to work."""

    label: str
    """`Alert`."""
    url: str
    r"""An `https` URL of at most 2,000 characters, without user information, white space, control characters or any of
    `< > " ( ) [ ] \`."""


@dataclass(kw_only=True, slots=True)
class TicketDraft:
    r"""The ticket to create. All text is plain, and `\n` ends a line; the connector escapes what the PSA would take for
    markup. A text that is too long for the PSA is cut at its end, with `… (N characters omitted)`; details, links and
    the reference are kept whole, and are `invalid-input` if they alone do not fit."""

    company_id: str
    """The company that the ticket is for: `company.id`."""
    board_id: str | None = None
    """Where it is worked on: `board.id`. None, here and below: the PSA's own default."""
    status_id: str | None = None
    """One of the board's. A ticket with a closed status is seen by nobody."""
    type_id: str | None = None
    """One of the board's."""
    subtype_id: str | None = None
    """One that goes under the type."""
    item_id: str | None = None
    """One that goes under type and subtype."""
    priority_id: str | None = None
    """One of `board-metadata.priorities`."""
    severity: Rating | None = None
    """How bad it is."""
    impact: Rating | None = None
    """How many people it affects."""
    site_id: str | None = None
    """A site of the company. None, with a contact: the contact's site, if the PSA needs one."""
    contact_id: str | None = None
    """A contact of the company."""
    source_id: str | None = None
    """One of `board-metadata.sources`."""
    summary: str
    """If it is longer than the PSA takes, it is cut, and the whole of it opens the description."""
    description: str | None = None
    """The customer can read it."""
    details: list[Detail] = field(default_factory=list)
    """Written under the description."""
    links: list[Link] = field(default_factory=list)
    """Written under the details."""
    internal_note: str | None = None
    """The customer cannot read it."""
    reference: str | None = None
    """The caller's own name for this ticket, by which a repeated call finds it. 1 to 50 of `a-z 0-9 . : -`, compared
    exactly. Recommended: 40 to 48 hexadecimal digits of a SHA-256."""
    vendor_fields: str | None = None
    """A JSON object, merged at its top level into the request. A member that the draft already sets, or
    that carries the reference, is `invalid-input`."""


@dataclass(kw_only=True, slots=True)
class Named:
    """A record that a ticket points to."""

    id: str
    """The PSA's id of it."""
    name: str | None = None
    """As the PSA shows it, if it does."""


@dataclass(kw_only=True, slots=True)
class Ticket:
    """A ticket as it is in the PSA, which may differ from its draft: the PSA fills in defaults and runs its own rules."""

    id: str
    """What `get-ticket` takes."""
    number: str
    """What people quote; equal to `id` if the PSA has one number only."""
    summary: str
    """As the PSA keeps it."""
    company: Named | None = None
    """The company that it is for. None, here and below: the PSA does not say."""
    board: Named | None = None
    """Where it is worked on."""
    status: Named | None = None
    """Where it stands."""
    is_closed: bool | None = None
    """Whether it counts as done."""
    priority: Named | None = None
    """How urgent."""
    ticket_type: Named | None = None
    """Its type on the board."""
    contact: Named | None = None
    """The person at the company whom it is about."""
    reference: str | None = None
    """`ticket-draft.reference`, or whatever another program wrote there."""
    created_at: str | None = None
    """RFC 3339, UTC."""
    updated_at: str | None = None
    """RFC 3339, UTC."""
    closed_at: str | None = None
    """RFC 3339, UTC. None: it is not closed, or the PSA does not say."""
    merged_into_id: str | None = None
    """The ticket that this one was merged into. None: it was not merged, or that is not known."""
    web_url: str | None = None
    """For a person's browser. Never to be fetched by a program."""
    properties: list[Property] = field(default_factory=list)
    """None in this version."""


class Creation(str, Enum):
    """How the record came to exist."""

    CREATED = "created"
    """By this call."""
    FOUND = "found"
    """A record bore the reference before this call, or after its write was in doubt."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class CreatedTicket:
    """What `create-ticket` returns."""

    ticket: Ticket
    """As the PSA has it now."""
    creation: Creation
    """Whether this call opened it."""
    not_applied: list[FieldError] = field(default_factory=list)
    """Fields that the PSA's answer does not bear as they were sent: a reference that it dropped, a priority that its
    rules changed. The ticket stands."""


@dataclass(kw_only=True, slots=True)
class TicketCheck:
    """What `check-ticket` found."""

    objections: list[FieldError] = field(default_factory=list)
    """Empty: no problem found, which is no promise. Records that these credentials cannot read are not checked."""


@dataclass(kw_only=True, slots=True)
class TicketLookup:
    """What `get-ticket` found."""

    ticket: Ticket | None = None
    """None: there is no such ticket, or these credentials may not see that there is."""


@dataclass(frozen=True, slots=True)
class TicketSelection:
    """Which tickets to find.

    Make one with the method that is named after the case."""

    case: Literal["ids", "references", "open-of-company"]
    value: list[str] | str

    @classmethod
    def ids(cls, value: list[str]) -> TicketSelection:
        """These, at most 50. Those that do not exist, or that these credentials may not see, are left out."""
        return cls("ids", value)

    @classmethod
    def references(cls, value: list[str]) -> TicketSelection:
        """Those that bear one of these references, at most 50, compared exactly."""
        return cls("references", value)

    @classmethod
    def open_of_company(cls, value: str) -> TicketSelection:
        """Those of this company that do not count as done."""
        return cls("open-of-company", value)


@dataclass(kw_only=True, slots=True)
class TicketQuery:
    """Which tickets, and how many at once."""

    selection: TicketSelection
    """Which tickets."""
    limit: int | None = None
    """At most this many; fewer do not mean the end. None: 100. Zero is `invalid-input`; above 1,000 counts as 1,000."""
    cursor: str | None = None
    """`next-cursor` of the page before, with the same settings and the same selection, else `invalid-input`."""


@dataclass(kw_only=True, slots=True)
class TicketPage:
    """One answer of `find-tickets`."""

    tickets: list[Ticket] = field(default_factory=list)
    """By ascending id, each once. The names of what a ticket points to may be none."""
    next_cursor: str | None = None
    """Opaque, without secrets, good in another instance. None: there are no more."""


class NoteAudience(str, Enum):
    """Who can read a note."""

    CUSTOMER = "customer"
    """The customer, and the staff of the managed service provider. Offered only if the PSA is sure to show it."""
    STAFF = "staff"
    """The staff of the managed service provider only."""

    def __str__(self) -> str:
        return self.value


@dataclass(kw_only=True, slots=True)
class NoteDraft:
    """The note to add. Text, details and links are written as in `ticket-draft`."""

    ticket_id: str
    """The ticket that it goes on: `ticket.id`."""
    text: str
    """What it says."""
    details: list[Detail] = field(default_factory=list)
    """Written under the text."""
    links: list[Link] = field(default_factory=list)
    """Written under the details."""
    audience: NoteAudience
    """Who can read it."""
    reference: str | None = None
    """The caller's own name for this note, as `ticket-draft.reference`. Written as the last line, `[ref: …]`."""
    vendor_fields: str | None = None
    """As `ticket-draft.vendor-fields`."""


@dataclass(kw_only=True, slots=True)
class CreatedNote:
    """What `add-note` returns."""

    id: str | None = None
    """The PSA's id of the note. None: it does not say."""
    creation: Creation
    """Whether this call wrote it."""
    not_applied: list[FieldError] = field(default_factory=list)
    """Fields that the PSA's answer does not bear as they were sent, such as `audience`. The note stands."""


@dataclass(kw_only=True, slots=True)
class StatusChange:
    """The status to set."""

    ticket_id: str
    """The ticket: `ticket.id`."""
    status_ids: list[str] = field(default_factory=list)
    """Ids of statuses, in order of preference: the first that exists on the ticket's present board is set. None of
    them exists there: `invalid-input`. Empty: `invalid-input`."""
    resolution: str | None = None
    """How it was resolved. Written only if the ticket has no resolution yet, and offered only if the PSA takes it
    with the status in one write."""
    vendor_fields: str | None = None
    """As `ticket-draft.vendor-fields`."""


@dataclass(kw_only=True, slots=True)
class ChangedTicket:
    """What `set-status` returns."""

    ticket: Ticket
    """As the PSA has it now. Its status may be a third one: the PSA's own rules moved it on."""
    is_changed: bool
    """False: it already had the chosen status, and nothing was sent."""


@dataclass(kw_only=True, slots=True)
class ContactQuery:
    """Which contacts, and how many at once."""

    company_id: str
    """Of this company: `company.id`."""
    email: str | None = None
    """Only those with this address, compared whole and without case. None: all."""
    limit: int | None = None
    """As `ticket-query.limit`."""
    cursor: str | None = None
    """`next-cursor` of the page before, with the same settings and the same query but for `limit`, else
    `invalid-input`."""


@dataclass(kw_only=True, slots=True)
class Contact:
    """A person at a company."""

    id: str
    """What `ticket-draft.contact-id` takes."""
    name: str
    """As the PSA shows it."""
    emails: list[str] = field(default_factory=list)
    """All addresses, the default one first."""
    phone: str | None = None
    """The default one, as it was entered."""
    company_id: str
    """The company: `company.id`."""
    site_id: str | None = None
    """The site where the contact works: `site.id`."""
    is_default: bool | None = None
    """Whether the PSA takes this contact if a ticket names none. None: the PSA does not say."""
    is_active: bool
    """Neither deleted nor deactivated."""
    properties: list[Property] = field(default_factory=list)
    """None in this version."""


@dataclass(kw_only=True, slots=True)
class ContactPage:
    """One answer of `list-contacts`."""

    contacts: list[Contact] = field(default_factory=list)
    """By ascending id."""
    next_cursor: str | None = None
    """Opaque, without secrets, good in another instance. None: there are no more."""


@dataclass(kw_only=True, slots=True)
class AssetQuery:
    """Which assets, and how many at once."""

    company_id: str
    """Of this company: `company.id`."""
    name: str | None = None
    """Only those with this name, compared whole and without case. None: all."""
    serial_number: str | None = None
    """Only those with this serial number, compared whole and without case. None: all."""
    limit: int | None = None
    """As `ticket-query.limit`."""
    cursor: str | None = None
    """As `contact-query.cursor`."""


@dataclass(kw_only=True, slots=True)
class Asset:
    """A device or another thing that the managed service provider looks after: a configuration, configuration item or
    asset."""

    id: str
    """What `attach-asset` takes."""
    name: str
    """As the PSA shows it."""
    kind: str | None = None
    """The PSA's or tenant's own word: `Managed Workstation`. To show, not to branch on."""
    serial_number: str | None = None
    """As it was entered."""
    site_id: str | None = None
    """Where it is: `site.id`."""
    contact_id: str | None = None
    """Whose it is: `contact.id`."""
    is_active: bool
    """Neither deleted nor deactivated."""
    properties: list[Property] = field(default_factory=list)
    """None in this version."""


@dataclass(kw_only=True, slots=True)
class AssetPage:
    """One answer of `list-assets`."""

    assets: list[Asset] = field(default_factory=list)
    """By ascending id."""
    next_cursor: str | None = None
    """Opaque, without secrets, good in another instance. None: there are no more."""


@dataclass(kw_only=True, slots=True)
class SiteQuery:
    """Which sites, and how many at once."""

    company_id: str
    """Of this company: `company.id`."""
    limit: int | None = None
    """As `ticket-query.limit`."""
    cursor: str | None = None
    """As `contact-query.cursor`."""


@dataclass(kw_only=True, slots=True)
class Site:
    """A place of a company."""

    id: str
    """What `ticket-draft.site-id` takes."""
    name: str
    """As the PSA shows it."""
    is_default: bool | None = None
    """Whether the PSA takes this site if a ticket names none. None: the PSA does not say."""
    is_active: bool
    """Neither deleted nor deactivated."""
    properties: list[Property] = field(default_factory=list)
    """None in this version."""


@dataclass(kw_only=True, slots=True)
class SitePage:
    """One answer of `list-sites`."""

    sites: list[Site] = field(default_factory=list)
    """By ascending id."""
    next_cursor: str | None = None
    """Opaque, without secrets, good in another instance. None: there are no more."""


@dataclass(kw_only=True, slots=True)
class AttachedAsset:
    """What `attach-asset` returns."""

    is_changed: bool
    """False: it was already attached, and nothing was written."""
