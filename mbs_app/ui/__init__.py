"""The screens: shell, theme, components, guard, and one folder for each page."""
