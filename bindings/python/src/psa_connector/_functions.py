# Written by tools/generate.py from wit/connector.wit: change those, and not this file.

"""The functions of the contract, with its own text: as methods of a tenant, and the same to be awaited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from psa_connector import _readers, contract

T = TypeVar("T")


class Functions:
    """Each function as a method."""

    def _call(self, function: str, arguments: dict[str, Any], read: Callable[[Any], T]) -> T:
        raise NotImplementedError

    def verify(self, needed: Sequence[contract.Operation] = ()) -> contract.Verification:
        """Proves the credentials and checks the permissions that these operations need. Empty: those of all operations of the
        description. Permissions that only other operations need are `unknown` and do not count for `is-complete`. Writes
        nothing; may be repeated. A missing permission is a result, not an error. Errors: `invalid-settings`,
        `invalid-input` (an operation that the description does not list), `unauthorized`, `unavailable`, `rate-limited`,
        `denied`, `unexpected-response`."""
        return self._call("verify", {"needed": list(needed)}, _readers.verification)

    def list_companies(self, query: contract.CompanyQuery | None = None) -> contract.CompanyPage:
        """The companies that these credentials can see. Writes nothing; may be repeated. A company that exists unchanged from
        the first page to the last is returned exactly once. Errors: `invalid-settings`, `invalid-input`, `unauthorized`,
        `forbidden`, `rate-limited`, `unavailable`, `denied`, `unexpected-response`."""
        return self._call("list-companies", {"query": contract.CompanyQuery() if query is None else query}, _readers.company_page)

    def list_board_metadata(self, selection: contract.BoardSelection) -> contract.BoardMetadata:
        """Everything a chooser needs, active entries only. Writes nothing; may be repeated. One part that cannot be read is an
        error of the whole, except what `omissions` name: subtypes, items and sources without the right to read them, and
        statuses and types of a board that refuses them while another board serves them. A board that ceased to exist
        meanwhile is left out. Errors: those of `list-companies`, and `not-found`."""
        return self._call("list-board-metadata", {"selection": selection}, _readers.board_metadata)

    def check_ticket(self, draft: contract.TicketDraft) -> contract.TicketCheck:
        """Whether `create-ticket` would be accepted, as far as reading tells: company, board, status, type, subtype, item,
        priority, contact, site and source exist, are active and belong together, the status is not known to be a closed one,
        and the draft keeps this text's own rules. Writes nothing; may be repeated. Errors: those of `list-companies` but
        `invalid-input`, which is an objection here."""
        return self._call("check-ticket", {"draft": draft}, _readers.ticket_check)

    def create_ticket(self, draft: contract.TicketDraft) -> contract.CreatedTicket:
        """Opens one ticket. Repeat it only as the error says.

        With a reference: looks it up, and returns the ticket that bears it without writing. Otherwise writes once, and looks
        up again if the write is in doubt: a failure that may have acted, a 5xx, or a success whose body cannot be read.
        Found: success. Not found: `outcome-unknown`; repeat with the same reference after `retry-after-seconds`. If the rows
        of a look-up do not bear the reference although it was asked for, the call fails before it writes. A ticket that is
        found may be closed or merged: the caller decides.

        No PSA checks the reference itself, so two calls at once, or a write that the PSA finishes after the second look-up,
        can still make two tickets; the next call then says `conflict` and lists both. So: one ticket for a reference,
        provided that calls with it do not overlap and that the PSA has finished the earlier write.

        Without a reference: a write in doubt is `outcome-unknown`, and repeating may open a second ticket.

        Errors: all but `not-found` and `unsupported`, and `unexpected-response` only before the write is sent."""
        return self._call("create-ticket", {"draft": draft}, _readers.created_ticket)

    def get_ticket(self, id: str) -> contract.TicketLookup:
        """Reads one ticket. Writes nothing; may be repeated. Errors: those of `list-companies`."""
        return self._call("get-ticket", {"id": id}, _readers.ticket_lookup)

    def find_tickets(self, query: contract.TicketQuery) -> contract.TicketPage:
        """Finds tickets. Writes nothing; may be repeated. Every filter is checked again on the rows. Errors: those of
        `list-companies`, and `unsupported`."""
        return self._call("find-tickets", {"query": query}, _readers.ticket_page)

    def add_note(self, note: contract.NoteDraft) -> contract.CreatedNote:
        """Adds one note to a ticket, and asks the PSA to mail nobody (its own rules may). A note for the staff is never widened
        to the customer by this call; if the PSA's answer shows another audience, `not-applied` says so.

        With a reference: reads the newest notes, at most 200, and returns the one that bears it without writing. Otherwise
        writes once, and reads again if the write is in doubt. If the PSA did not honour the order or the filter of that
        look-up, the call fails before it writes. So: one note for a reference, provided that calls with it do not overlap and
        that the note is neither edited, deleted, nor older than the newest 200. Without a reference: a write in doubt is
        `outcome-unknown`.

        Errors: those of `create-ticket`, `not-found` (the ticket) and `unsupported`."""
        return self._call("add-note", {"note": note}, _readers.created_note)

    def set_status(self, change: contract.StatusChange) -> contract.ChangedTicket:
        """Sets the status of a ticket. Reads the ticket first, and sends nothing if it already has the chosen status. Compares
        afterwards: the old status is `rejected`, any other is success. A ticket that was merged is `conflict`. The connector
        never chooses a closing status by itself, since some mail the customer. May be repeated. Errors: those of
        `create-ticket`, `not-found` (the ticket) and `unsupported`."""
        return self._call("set-status", {"change": change}, _readers.changed_ticket)

    def list_contacts(self, query: contract.ContactQuery) -> contract.ContactPage:
        """The contacts of a company, all matches. Writes nothing; may be repeated. Every filter is checked again on the rows.
        Errors: those of `list-companies`, and `unsupported`."""
        return self._call("list-contacts", {"query": query}, _readers.contact_page)

    def list_assets(self, query: contract.AssetQuery) -> contract.AssetPage:
        """The assets of a company, all matches. Writes nothing; may be repeated. Every filter is checked again on the rows.
        Errors: those of `list-companies`, and `unsupported`."""
        return self._call("list-assets", {"query": query}, _readers.asset_page)

    def list_sites(self, query: contract.SiteQuery) -> contract.SitePage:
        """The sites of a company. Writes nothing; may be repeated. Errors: those of `list-companies`, and `unsupported`."""
        return self._call("list-sites", {"query": query}, _readers.site_page)

    def attach_asset(self, ticket_id: str, asset_id: str) -> contract.AttachedAsset:
        """Attaches an asset to a ticket. Reads what is attached, and adds what is missing. May be repeated. Errors: those of
        `create-ticket`, `not-found` (the ticket or the asset) and `unsupported`."""
        return self._call("attach-asset", {"ticket-id": ticket_id, "asset-id": asset_id}, _readers.attached_asset)


class AsyncFunctions:
    """Each function as a coroutine: it runs in a thread."""

    async def _call(self, function: str, arguments: dict[str, Any], read: Callable[[Any], T]) -> T:
        raise NotImplementedError

    async def verify(self, needed: Sequence[contract.Operation] = ()) -> contract.Verification:
        """Proves the credentials and checks the permissions that these operations need. Empty: those of all operations of the
        description. Permissions that only other operations need are `unknown` and do not count for `is-complete`. Writes
        nothing; may be repeated. A missing permission is a result, not an error. Errors: `invalid-settings`,
        `invalid-input` (an operation that the description does not list), `unauthorized`, `unavailable`, `rate-limited`,
        `denied`, `unexpected-response`."""
        return await self._call("verify", {"needed": list(needed)}, _readers.verification)

    async def list_companies(self, query: contract.CompanyQuery | None = None) -> contract.CompanyPage:
        """The companies that these credentials can see. Writes nothing; may be repeated. A company that exists unchanged from
        the first page to the last is returned exactly once. Errors: `invalid-settings`, `invalid-input`, `unauthorized`,
        `forbidden`, `rate-limited`, `unavailable`, `denied`, `unexpected-response`."""
        return await self._call("list-companies", {"query": contract.CompanyQuery() if query is None else query}, _readers.company_page)

    async def list_board_metadata(self, selection: contract.BoardSelection) -> contract.BoardMetadata:
        """Everything a chooser needs, active entries only. Writes nothing; may be repeated. One part that cannot be read is an
        error of the whole, except what `omissions` name: subtypes, items and sources without the right to read them, and
        statuses and types of a board that refuses them while another board serves them. A board that ceased to exist
        meanwhile is left out. Errors: those of `list-companies`, and `not-found`."""
        return await self._call("list-board-metadata", {"selection": selection}, _readers.board_metadata)

    async def check_ticket(self, draft: contract.TicketDraft) -> contract.TicketCheck:
        """Whether `create-ticket` would be accepted, as far as reading tells: company, board, status, type, subtype, item,
        priority, contact, site and source exist, are active and belong together, the status is not known to be a closed one,
        and the draft keeps this text's own rules. Writes nothing; may be repeated. Errors: those of `list-companies` but
        `invalid-input`, which is an objection here."""
        return await self._call("check-ticket", {"draft": draft}, _readers.ticket_check)

    async def create_ticket(self, draft: contract.TicketDraft) -> contract.CreatedTicket:
        """Opens one ticket. Repeat it only as the error says.

        With a reference: looks it up, and returns the ticket that bears it without writing. Otherwise writes once, and looks
        up again if the write is in doubt: a failure that may have acted, a 5xx, or a success whose body cannot be read.
        Found: success. Not found: `outcome-unknown`; repeat with the same reference after `retry-after-seconds`. If the rows
        of a look-up do not bear the reference although it was asked for, the call fails before it writes. A ticket that is
        found may be closed or merged: the caller decides.

        No PSA checks the reference itself, so two calls at once, or a write that the PSA finishes after the second look-up,
        can still make two tickets; the next call then says `conflict` and lists both. So: one ticket for a reference,
        provided that calls with it do not overlap and that the PSA has finished the earlier write.

        Without a reference: a write in doubt is `outcome-unknown`, and repeating may open a second ticket.

        Errors: all but `not-found` and `unsupported`, and `unexpected-response` only before the write is sent."""
        return await self._call("create-ticket", {"draft": draft}, _readers.created_ticket)

    async def get_ticket(self, id: str) -> contract.TicketLookup:
        """Reads one ticket. Writes nothing; may be repeated. Errors: those of `list-companies`."""
        return await self._call("get-ticket", {"id": id}, _readers.ticket_lookup)

    async def find_tickets(self, query: contract.TicketQuery) -> contract.TicketPage:
        """Finds tickets. Writes nothing; may be repeated. Every filter is checked again on the rows. Errors: those of
        `list-companies`, and `unsupported`."""
        return await self._call("find-tickets", {"query": query}, _readers.ticket_page)

    async def add_note(self, note: contract.NoteDraft) -> contract.CreatedNote:
        """Adds one note to a ticket, and asks the PSA to mail nobody (its own rules may). A note for the staff is never widened
        to the customer by this call; if the PSA's answer shows another audience, `not-applied` says so.

        With a reference: reads the newest notes, at most 200, and returns the one that bears it without writing. Otherwise
        writes once, and reads again if the write is in doubt. If the PSA did not honour the order or the filter of that
        look-up, the call fails before it writes. So: one note for a reference, provided that calls with it do not overlap and
        that the note is neither edited, deleted, nor older than the newest 200. Without a reference: a write in doubt is
        `outcome-unknown`.

        Errors: those of `create-ticket`, `not-found` (the ticket) and `unsupported`."""
        return await self._call("add-note", {"note": note}, _readers.created_note)

    async def set_status(self, change: contract.StatusChange) -> contract.ChangedTicket:
        """Sets the status of a ticket. Reads the ticket first, and sends nothing if it already has the chosen status. Compares
        afterwards: the old status is `rejected`, any other is success. A ticket that was merged is `conflict`. The connector
        never chooses a closing status by itself, since some mail the customer. May be repeated. Errors: those of
        `create-ticket`, `not-found` (the ticket) and `unsupported`."""
        return await self._call("set-status", {"change": change}, _readers.changed_ticket)

    async def list_contacts(self, query: contract.ContactQuery) -> contract.ContactPage:
        """The contacts of a company, all matches. Writes nothing; may be repeated. Every filter is checked again on the rows.
        Errors: those of `list-companies`, and `unsupported`."""
        return await self._call("list-contacts", {"query": query}, _readers.contact_page)

    async def list_assets(self, query: contract.AssetQuery) -> contract.AssetPage:
        """The assets of a company, all matches. Writes nothing; may be repeated. Every filter is checked again on the rows.
        Errors: those of `list-companies`, and `unsupported`."""
        return await self._call("list-assets", {"query": query}, _readers.asset_page)

    async def list_sites(self, query: contract.SiteQuery) -> contract.SitePage:
        """The sites of a company. Writes nothing; may be repeated. Errors: those of `list-companies`, and `unsupported`."""
        return await self._call("list-sites", {"query": query}, _readers.site_page)

    async def attach_asset(self, ticket_id: str, asset_id: str) -> contract.AttachedAsset:
        """Attaches an asset to a ticket. Reads what is attached, and adds what is missing. May be repeated. Errors: those of
        `create-ticket`, `not-found` (the ticket or the asset) and `unsupported`."""
        return await self._call("attach-asset", {"ticket-id": ticket_id, "asset-id": asset_id}, _readers.attached_asset)
