"""The import contract inside a step: rooms in floors, each of which may be split into neighbours.

import-linter's own layers name each module. A service that outgrows its file becomes ``service_label`` beside
``service``: both belong to that room, stand on its floor and see each other. A module of no known room breaks
the contract, so that every file of a step has a place.
"""

import grimp
from importlinter import Contract, ContractCheck, fields, output


class StepRoomsContract(Contract):
    """``container`` holds the steps; ``floors`` are listed from the top, rooms of one floor separated by ``|``.

    Rooms of one floor separated by ``|`` do not see each other. ``outside`` names modules that the order leaves out.
    """

    type_name = "step_rooms"

    container = fields.StringField()
    floors = fields.ListField(subfield=fields.StringField())
    outside = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        unknown, wrong = [], []
        for step in sorted(graph.find_children(str(self.container))):
            rooms = {child: self._room(child.rpartition(".")[2]) for child in graph.find_children(step)}
            unknown += [child for child, room in rooms.items() if room is None]
            wrong += self._wrong_imports(graph, {child: room for child, room in rooms.items() if room})
        return ContractCheck(kept=not (unknown or wrong), metadata={"unknown": sorted(unknown), "wrong": sorted(wrong)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module in check.metadata["unknown"]:
            output.print_error(f"- {module} belongs to no room (rooms and their neighbours: service, service_label)")
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"- {importer} may not use {imported}")

    def _floors(self) -> list[list[str]]:
        listed: list[str] = self.floors  # type: ignore[assignment]  # the field stands for its value
        return [[room.strip() for room in floor.split("|")] for floor in listed]

    def _room(self, name: str) -> str | None:
        """The room a module belongs to: its own name, or what stands before an underscore; ``""`` when left out."""
        if name in (self.outside or ()):
            return ""
        rooms = [room for floor in self._floors() for room in floor]
        fitting = [room for room in rooms if name == room or name.startswith(f"{room}_")]
        return max(fitting, key=len, default=None)

    def _wrong_imports(self, graph: grimp.ImportGraph, rooms: dict[str, str]) -> list[tuple[str, str]]:
        height = {room: place for place, floor in enumerate(self._floors()) for room in floor}
        wrong = []
        for child, room in rooms.items():
            for other, other_room in rooms.items():
                below = height[room] < height[other_room]
                if room != other_room and not below:
                    wrong += [
                        (importer, imported)
                        for importer in graph.find_descendants(child) | {child}
                        for imported in graph.find_modules_directly_imported_by(importer)
                        if imported == other or imported.startswith(f"{other}.")
                    ]
        return wrong
