"""English pages put the day first, as passports and every field of ours do: with the month first, as Django has it,
the sixth of February stands beside 06/02 and reads as the second of June."""

SHORT_DATE_FORMAT = "d/m/Y"
