# Written by tools/generate.py from wit/connector.wit: change those, and not this file.

"""From JSON with the names of the contract to its types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psa_connector import contract


def failure(value: Any) -> contract.Failure:
    return contract.Failure(
        kind=contract.FailureKind(value["kind"]),
        message=value["message"],
        may_have_acted=value["may-have-acted"],
    )


def setting(value: Any) -> contract.Setting:
    return contract.Setting(
        name=value["name"],
        value=value["value"],
    )


def property(value: Any) -> contract.Property:
    return contract.Property(
        name=value["name"],
        value=value["value"],
    )


def setting_choice(value: Any) -> contract.SettingChoice:
    return contract.SettingChoice(
        value=value["value"],
        label=value["label"],
    )


def setting_description(value: Any) -> contract.SettingDescription:
    return contract.SettingDescription(
        name=value["name"],
        label=value["label"],
        help=value["help"],
        kind=contract.SettingKind(value["kind"]),
        choices=[setting_choice(it) for it in value.get("choices", ())],
        is_required=value["is-required"],
        supplied_by=contract.SettingSupplier(value["supplied-by"]),
        example=value.get("example"),
    )


def permission(value: Any) -> contract.Permission:
    return contract.Permission(
        id=value["id"],
        path=list(value.get("path", ())),
        level=value.get("level"),
        needed_for=[contract.Operation(it) for it in value.get("needed-for", ())],
        request=value["request"],
    )


def input_field(value: Any) -> contract.InputField:
    return contract.InputField(
        operation=contract.Operation(value["operation"]),
        name=value["name"],
        is_required=value["is-required"],
        maximum_length=value.get("maximum-length"),
        maximum_count=value.get("maximum-count"),
        allowed=list(value.get("allowed", ())),
    )


def pacing(value: Any) -> contract.Pacing:
    return contract.Pacing(
        concurrent_requests=value.get("concurrent-requests"),
        requests=value.get("requests"),
        seconds=value.get("seconds"),
    )


def connector_description(value: Any) -> contract.ConnectorDescription:
    return contract.ConnectorDescription(
        vendor=value["vendor"],
        version=value["version"],
        operations=[contract.Operation(it) for it in value.get("operations", ())],
        settings=[setting_description(it) for it in value.get("settings", ())],
        permissions=[permission(it) for it in value.get("permissions", ())],
        input_fields=[input_field(it) for it in value.get("input-fields", ())],
        pacing=pacing(value["pacing"]),
        board_label=value.get("board-label"),
        vendor_domains=list(value.get("vendor-domains", ())),
        properties=[property(it) for it in value.get("properties", ())],
    )


def field_error(value: Any) -> contract.FieldError:
    return contract.FieldError(
        field=value.get("field"),
        vendor_field=value.get("vendor-field"),
        message=value["message"],
    )


def connector_error(value: Any) -> contract.ConnectorError:
    return contract.ConnectorError(
        code=contract.ErrorCode(value["code"]),
        message=value["message"],
        hint=value.get("hint"),
        field_errors=[field_error(it) for it in value.get("field-errors", ())],
        permission_ids=list(value.get("permission-ids", ())),
        retry_after_seconds=value.get("retry-after-seconds"),
        http_status=value.get("http-status"),
        vendor_code=value.get("vendor-code"),
        vendor_request_id=value.get("vendor-request-id"),
        ticket_ids=list(value.get("ticket-ids", ())),
    )


def origin_list(value: Any) -> contract.OriginList:
    return contract.OriginList(
        origins=list(value.get("origins", ())),
    )


def permission_check(value: Any) -> contract.PermissionCheck:
    return contract.PermissionCheck(
        permission_id=value["permission-id"],
        state=contract.PermissionState(value["state"]),
        message=value.get("message"),
    )


def verification(value: Any) -> contract.Verification:
    return contract.Verification(
        is_complete=value["is-complete"],
        ready=[contract.Operation(it) for it in value.get("ready", ())],
        checks=[permission_check(it) for it in value.get("checks", ())],
        account=value.get("account"),
        server_version=value.get("server-version"),
        visible_companies=value.get("visible-companies"),
        visible_boards=value.get("visible-boards"),
    )


def company_query(value: Any) -> contract.CompanyQuery:
    return contract.CompanyQuery(
        search=value.get("search"),
        ids=list(value.get("ids", ())),
        include_inactive=value.get("include-inactive", False),
        statuses=list(value.get("statuses", ())),
        types=list(value.get("types", ())),
        limit=value.get("limit"),
        cursor=value.get("cursor"),
    )


def company(value: Any) -> contract.Company:
    return contract.Company(
        id=value["id"],
        identifier=value.get("identifier"),
        name=value["name"],
        status=value.get("status"),
        is_active=value["is-active"],
        types=list(value.get("types", ())),
        properties=[property(it) for it in value.get("properties", ())],
    )


def company_page(value: Any) -> contract.CompanyPage:
    return contract.CompanyPage(
        companies=[company(it) for it in value.get("companies", ())],
        next_cursor=value.get("next-cursor"),
    )


def choice(value: Any) -> contract.Choice:
    return contract.Choice(
        id=value["id"],
        name=value["name"],
        board_id=value.get("board-id"),
        is_default=value["is-default"],
        sort_order=value.get("sort-order"),
        color=value.get("color"),
        properties=[property(it) for it in value.get("properties", ())],
    )


def ticket_status(value: Any) -> contract.TicketStatus:
    return contract.TicketStatus(
        choice=choice(value["choice"]),
        is_closed=value.get("is-closed"),
    )


def subtype(value: Any) -> contract.Subtype:
    return contract.Subtype(
        choice=choice(value["choice"]),
        type_ids=list(value.get("type-ids", ())),
    )


def item_path(value: Any) -> contract.ItemPath:
    return contract.ItemPath(
        type_id=value["type-id"],
        subtype_id=value.get("subtype-id"),
    )


def item(value: Any) -> contract.Item:
    return contract.Item(
        choice=choice(value["choice"]),
        allowed_under=[item_path(it) for it in value.get("allowed-under", ())],
    )


def board(value: Any) -> contract.Board:
    return contract.Board(
        id=value["id"],
        name=value["name"],
        is_default=value["is-default"],
    )


def omission(value: Any) -> contract.Omission:
    return contract.Omission(
        part=value["part"],
        board_id=value.get("board-id"),
        message=value["message"],
    )


def board_selection(value: Any) -> contract.BoardSelection:
    if isinstance(value, str):
        return contract.BoardSelection(value)  # type: ignore[arg-type, call-arg, unused-ignore]
    [(case, inner)] = value.items()
    return contract.BoardSelection(case, inner)


def board_metadata(value: Any) -> contract.BoardMetadata:
    return contract.BoardMetadata(
        boards=[board(it) for it in value.get("boards", ())],
        statuses=[ticket_status(it) for it in value.get("statuses", ())],
        types=[choice(it) for it in value.get("types", ())],
        subtypes=[subtype(it) for it in value.get("subtypes", ())],
        items=[item(it) for it in value.get("items", ())],
        priorities=[choice(it) for it in value.get("priorities", ())],
        sources=[choice(it) for it in value.get("sources", ())],
        omissions=[omission(it) for it in value.get("omissions", ())],
    )


def detail(value: Any) -> contract.Detail:
    return contract.Detail(
        label=value["label"],
        value=value["value"],
    )


def link(value: Any) -> contract.Link:
    return contract.Link(
        label=value["label"],
        url=value["url"],
    )


def ticket_draft(value: Any) -> contract.TicketDraft:
    return contract.TicketDraft(
        company_id=value["company-id"],
        board_id=value.get("board-id"),
        status_id=value.get("status-id"),
        type_id=value.get("type-id"),
        subtype_id=value.get("subtype-id"),
        item_id=value.get("item-id"),
        priority_id=value.get("priority-id"),
        severity=None if value.get("severity") is None else contract.Rating(value["severity"]),
        impact=None if value.get("impact") is None else contract.Rating(value["impact"]),
        site_id=value.get("site-id"),
        contact_id=value.get("contact-id"),
        source_id=value.get("source-id"),
        summary=value["summary"],
        description=value.get("description"),
        details=[detail(it) for it in value.get("details", ())],
        links=[link(it) for it in value.get("links", ())],
        internal_note=value.get("internal-note"),
        reference=value.get("reference"),
        vendor_fields=value.get("vendor-fields"),
    )


def named(value: Any) -> contract.Named:
    return contract.Named(
        id=value["id"],
        name=value.get("name"),
    )


def ticket(value: Any) -> contract.Ticket:
    return contract.Ticket(
        id=value["id"],
        number=value["number"],
        summary=value["summary"],
        company=None if value.get("company") is None else named(value["company"]),
        board=None if value.get("board") is None else named(value["board"]),
        status=None if value.get("status") is None else named(value["status"]),
        is_closed=value.get("is-closed"),
        priority=None if value.get("priority") is None else named(value["priority"]),
        ticket_type=None if value.get("ticket-type") is None else named(value["ticket-type"]),
        contact=None if value.get("contact") is None else named(value["contact"]),
        reference=value.get("reference"),
        created_at=value.get("created-at"),
        updated_at=value.get("updated-at"),
        closed_at=value.get("closed-at"),
        merged_into_id=value.get("merged-into-id"),
        web_url=value.get("web-url"),
        properties=[property(it) for it in value.get("properties", ())],
    )


def created_ticket(value: Any) -> contract.CreatedTicket:
    return contract.CreatedTicket(
        ticket=ticket(value["ticket"]),
        creation=contract.Creation(value["creation"]),
        not_applied=[field_error(it) for it in value.get("not-applied", ())],
    )


def ticket_check(value: Any) -> contract.TicketCheck:
    return contract.TicketCheck(
        objections=[field_error(it) for it in value.get("objections", ())],
    )


def ticket_lookup(value: Any) -> contract.TicketLookup:
    return contract.TicketLookup(
        ticket=None if value.get("ticket") is None else ticket(value["ticket"]),
    )


def ticket_selection(value: Any) -> contract.TicketSelection:
    if isinstance(value, str):
        return contract.TicketSelection(value)  # type: ignore[arg-type, call-arg, unused-ignore]
    [(case, inner)] = value.items()
    return contract.TicketSelection(case, inner)


def ticket_query(value: Any) -> contract.TicketQuery:
    return contract.TicketQuery(
        selection=ticket_selection(value["selection"]),
        limit=value.get("limit"),
        cursor=value.get("cursor"),
    )


def ticket_page(value: Any) -> contract.TicketPage:
    return contract.TicketPage(
        tickets=[ticket(it) for it in value.get("tickets", ())],
        next_cursor=value.get("next-cursor"),
    )


def note_draft(value: Any) -> contract.NoteDraft:
    return contract.NoteDraft(
        ticket_id=value["ticket-id"],
        text=value["text"],
        details=[detail(it) for it in value.get("details", ())],
        links=[link(it) for it in value.get("links", ())],
        audience=contract.NoteAudience(value["audience"]),
        reference=value.get("reference"),
        vendor_fields=value.get("vendor-fields"),
    )


def created_note(value: Any) -> contract.CreatedNote:
    return contract.CreatedNote(
        id=value.get("id"),
        creation=contract.Creation(value["creation"]),
        not_applied=[field_error(it) for it in value.get("not-applied", ())],
    )


def status_change(value: Any) -> contract.StatusChange:
    return contract.StatusChange(
        ticket_id=value["ticket-id"],
        status_ids=list(value.get("status-ids", ())),
        resolution=value.get("resolution"),
        vendor_fields=value.get("vendor-fields"),
    )


def changed_ticket(value: Any) -> contract.ChangedTicket:
    return contract.ChangedTicket(
        ticket=ticket(value["ticket"]),
        is_changed=value["is-changed"],
    )


def contact_query(value: Any) -> contract.ContactQuery:
    return contract.ContactQuery(
        company_id=value["company-id"],
        email=value.get("email"),
        limit=value.get("limit"),
        cursor=value.get("cursor"),
    )


def contact(value: Any) -> contract.Contact:
    return contract.Contact(
        id=value["id"],
        name=value["name"],
        emails=list(value.get("emails", ())),
        phone=value.get("phone"),
        company_id=value["company-id"],
        site_id=value.get("site-id"),
        is_default=value.get("is-default"),
        is_active=value["is-active"],
        properties=[property(it) for it in value.get("properties", ())],
    )


def contact_page(value: Any) -> contract.ContactPage:
    return contract.ContactPage(
        contacts=[contact(it) for it in value.get("contacts", ())],
        next_cursor=value.get("next-cursor"),
    )


def asset_query(value: Any) -> contract.AssetQuery:
    return contract.AssetQuery(
        company_id=value["company-id"],
        name=value.get("name"),
        serial_number=value.get("serial-number"),
        limit=value.get("limit"),
        cursor=value.get("cursor"),
    )


def asset(value: Any) -> contract.Asset:
    return contract.Asset(
        id=value["id"],
        name=value["name"],
        kind=value.get("kind"),
        serial_number=value.get("serial-number"),
        site_id=value.get("site-id"),
        contact_id=value.get("contact-id"),
        is_active=value["is-active"],
        properties=[property(it) for it in value.get("properties", ())],
    )


def asset_page(value: Any) -> contract.AssetPage:
    return contract.AssetPage(
        assets=[asset(it) for it in value.get("assets", ())],
        next_cursor=value.get("next-cursor"),
    )


def site_query(value: Any) -> contract.SiteQuery:
    return contract.SiteQuery(
        company_id=value["company-id"],
        limit=value.get("limit"),
        cursor=value.get("cursor"),
    )


def site(value: Any) -> contract.Site:
    return contract.Site(
        id=value["id"],
        name=value["name"],
        is_default=value.get("is-default"),
        is_active=value["is-active"],
        properties=[property(it) for it in value.get("properties", ())],
    )


def site_page(value: Any) -> contract.SitePage:
    return contract.SitePage(
        sites=[site(it) for it in value.get("sites", ())],
        next_cursor=value.get("next-cursor"),
    )


def attached_asset(value: Any) -> contract.AttachedAsset:
    return contract.AttachedAsset(
        is_changed=value["is-changed"],
    )


READERS: dict[type, Callable[[Any], Any]] = {
    contract.Failure: failure,
    contract.Setting: setting,
    contract.Property: property,
    contract.SettingChoice: setting_choice,
    contract.SettingDescription: setting_description,
    contract.Permission: permission,
    contract.InputField: input_field,
    contract.Pacing: pacing,
    contract.ConnectorDescription: connector_description,
    contract.FieldError: field_error,
    contract.ConnectorError: connector_error,
    contract.OriginList: origin_list,
    contract.PermissionCheck: permission_check,
    contract.Verification: verification,
    contract.CompanyQuery: company_query,
    contract.Company: company,
    contract.CompanyPage: company_page,
    contract.Choice: choice,
    contract.TicketStatus: ticket_status,
    contract.Subtype: subtype,
    contract.ItemPath: item_path,
    contract.Item: item,
    contract.Board: board,
    contract.Omission: omission,
    contract.BoardSelection: board_selection,
    contract.BoardMetadata: board_metadata,
    contract.Detail: detail,
    contract.Link: link,
    contract.TicketDraft: ticket_draft,
    contract.Named: named,
    contract.Ticket: ticket,
    contract.CreatedTicket: created_ticket,
    contract.TicketCheck: ticket_check,
    contract.TicketLookup: ticket_lookup,
    contract.TicketSelection: ticket_selection,
    contract.TicketQuery: ticket_query,
    contract.TicketPage: ticket_page,
    contract.NoteDraft: note_draft,
    contract.CreatedNote: created_note,
    contract.StatusChange: status_change,
    contract.ChangedTicket: changed_ticket,
    contract.ContactQuery: contact_query,
    contract.Contact: contact,
    contract.ContactPage: contact_page,
    contract.AssetQuery: asset_query,
    contract.Asset: asset,
    contract.AssetPage: asset_page,
    contract.SiteQuery: site_query,
    contract.Site: site,
    contract.SitePage: site_page,
    contract.AttachedAsset: attached_asset,
}

VARIANTS = (contract.BoardSelection, contract.TicketSelection)
